// Builds the site: what lies in src/, and where its API is. API_URL is the output api_url of infra/terraform.
import { cpSync, rmSync, writeFileSync } from "node:fs";

const { API_URL } = process.env;
if (!API_URL?.startsWith("https://")) {
  console.error("say where the API is: API_URL=$(terraform -chdir=../infra/terraform output -raw api_url) npm run build");
  process.exit(2);
}

process.chdir(import.meta.dirname);
rmSync("public", { recursive: true, force: true });
cpSync("src", "public", { recursive: true });
writeFileSync("public/config.js", `export const API_URL = ${JSON.stringify(API_URL)};\n`);
