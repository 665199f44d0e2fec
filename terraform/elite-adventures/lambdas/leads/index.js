// POST /leads: keeps a lead as it came in the bucket, and in the table that exports are made of.
"use strict";

const { randomUUID } = require("node:crypto");
const { DynamoDBClient } = require("@aws-sdk/client-dynamodb");
const { PutObjectCommand, S3Client } = require("@aws-sdk/client-s3");
const { DynamoDBDocumentClient, GetCommand, PutCommand } = require("@aws-sdk/lib-dynamodb");

const { ALLOWED_ORIGIN, CONFERENCES_TABLE, DATA_BUCKET, LEADS_TABLE } = process.env;
const tables = DynamoDBDocumentClient.from(new DynamoDBClient());
const objects = new S3Client();

// What a lead may say, and how many characters of it.
const FIELDS = { conference_id: 64, name: 200, email: 254, phone: 40, message: 2000 };
const REQUIRED = ["conference_id", "name", "email"];

exports.handler = async (event) => {
  const said = leadOf(event.body);
  if (!said) {
    return answer(400, { error: `a lead has ${REQUIRED.join(", ")}, and may have phone, message` });
  }
  const conference = await tables.send(
    new GetCommand({ TableName: CONFERENCES_TABLE, Key: { PK: said.conference_id } }),
  );
  if (!conference.Item) {
    return answer(404, { error: "there is no such conference" });
  }

  const lead_id = randomUUID();
  const submitted_at = new Date().toISOString();
  const lead = { ...said, lead_id, submitted_at };
  const day = submitted_at.slice(0, 10).replaceAll("-", "/");
  await objects.send(
    new PutObjectCommand({
      Bucket: DATA_BUCKET,
      Key: `raw/${day}/${said.conference_id}/${lead_id}.json`,
      Body: JSON.stringify(lead),
      ContentType: "application/json",
    }),
  );
  await tables.send(
    new PutCommand({ TableName: LEADS_TABLE, Item: { PK: `${said.conference_id}#${lead_id}`, ...lead } }),
  );

  // A metric counts these lines. They tell nothing of who it was.
  console.log("lead submitted", lead_id);
  return answer(201, { lead_id });
};

// The fields of a lead, or null where it is none.
function leadOf(body) {
  let said;
  try {
    said = JSON.parse(body);
  } catch {
    return null;
  }
  if (typeof said !== "object" || said === null) {
    return null;
  }
  const lead = {};
  for (const [field, longest] of Object.entries(FIELDS)) {
    const value = said[field] ?? "";
    if (typeof value !== "string" || value.length > longest) {
      return null;
    }
    if (value.trim()) {
      lead[field] = value.trim();
    }
  }
  const complete = REQUIRED.every((field) => field in lead);
  return complete && /^[a-z0-9-]+$/.test(lead.conference_id) && /^[^@\s]+@[^@\s]+$/.test(lead.email) ? lead : null;
}

function answer(statusCode, body) {
  const headers = { "Access-Control-Allow-Origin": ALLOWED_ORIGIN, "Content-Type": "application/json" };
  return { statusCode, headers, body: JSON.stringify(body) };
}
