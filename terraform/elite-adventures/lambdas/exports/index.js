// POST /export {"format": "json", "conference_id": optional}: writes leads into a file, and answers with a URL of it.
"use strict";

const { randomUUID } = require("node:crypto");
const { DynamoDBClient } = require("@aws-sdk/client-dynamodb");
const { GetObjectCommand, PutObjectCommand, S3Client } = require("@aws-sdk/client-s3");
const { DynamoDBDocumentClient, PutCommand, paginateQuery, paginateScan } = require("@aws-sdk/lib-dynamodb");
const { getSignedUrl } = require("@aws-sdk/s3-request-presigner");

const { DATA_BUCKET, LEADS_TABLE } = process.env;
const tables = DynamoDBDocumentClient.from(new DynamoDBClient());
const objects = new S3Client();

const URL_SECONDS = 900;

exports.handler = async (event) => {
  const claims = event.requestContext?.authorizer?.claims ?? {};
  if (!(claims["cognito:groups"] ?? "").split(",").includes("Admin")) {
    return answer(403, { error: "administrators export leads" });
  }
  const wanted = wantedOf(event.body);
  if (!wanted) {
    return answer(400, { error: 'an export has the format "json", and may have a conference_id' });
  }

  const leads = await leadsOf(wanted.conference_id);
  const exported_at = new Date().toISOString();
  const export_id = randomUUID();
  const key = `exports/${exported_at.slice(0, 4)}/${exported_at.slice(0, 10)}-${export_id}.json`;
  await objects.send(
    new PutObjectCommand({
      Bucket: DATA_BUCKET,
      Key: key,
      Body: JSON.stringify(leads),
      ContentType: "application/json",
    }),
  );

  // Who took leads out, and where they went: whoever deletes a lead has to look there, too.
  const record = { exported_at, exported_by: claims.sub, key, leads: leads.length };
  await tables.send(new PutCommand({ TableName: LEADS_TABLE, Item: { PK: `export#${export_id}`, ...record } }));
  console.log("leads exported", leads.length, key);

  const url = await getSignedUrl(objects, new GetObjectCommand({ Bucket: DATA_BUCKET, Key: key }), {
    expiresIn: URL_SECONDS,
  });
  return answer(200, { url, leads: leads.length, expires_in: URL_SECONDS });
};

// The leads of a conference, or of all of them. Records of exports are not in the index.
async function leadsOf(conference_id) {
  const input = { TableName: LEADS_TABLE, IndexName: "by-conference" };
  const pages = conference_id
    ? paginateQuery(
        { client: tables },
        {
          ...input,
          KeyConditionExpression: "conference_id = :id",
          ExpressionAttributeValues: { ":id": conference_id },
        },
      )
    : paginateScan({ client: tables }, input);
  const leads = [];
  for await (const page of pages) {
    for (const { PK, ...lead } of page.Items ?? []) {
      leads.push(lead);
    }
  }
  return leads;
}

// What the body asks for, or null where that cannot be given.
function wantedOf(body) {
  let wanted;
  try {
    wanted = JSON.parse(body);
  } catch {
    return null;
  }
  const { format, conference_id } = wanted ?? {};
  const named = conference_id === undefined || (typeof conference_id === "string" && conference_id !== "");
  return format === "json" && named ? { conference_id } : null;
}

function answer(statusCode, body) {
  return { statusCode, headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) };
}
