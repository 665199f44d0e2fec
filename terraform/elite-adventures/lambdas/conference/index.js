// GET /conferences/{conference_id} tells of a conference; PUT keeps one, and answers with where its QR code may be put.
"use strict";

const { DynamoDBClient } = require("@aws-sdk/client-dynamodb");
const { PutObjectCommand, S3Client } = require("@aws-sdk/client-s3");
const { DynamoDBDocumentClient, GetCommand, PutCommand } = require("@aws-sdk/lib-dynamodb");
const { getSignedUrl } = require("@aws-sdk/s3-request-presigner");

const { ALLOWED_ORIGIN, CONFERENCES_TABLE, DATA_BUCKET } = process.env;
const tables = DynamoDBDocumentClient.from(new DynamoDBClient());
// A URL is signed before there is a body: the checksum of none would refuse every upload.
const objects = new S3Client({ requestChecksumCalculation: "WHEN_REQUIRED" });

const URL_SECONDS = 900;

exports.handler = async (event) => {
  const conference_id = event.pathParameters?.conference_id ?? "";
  if (!/^[a-z0-9-]{1,64}$/.test(conference_id)) {
    return answer(400, { error: "the id of a conference has small letters, digits and hyphens" });
  }
  return event.httpMethod === "PUT" ? keep(conference_id, event) : tell(conference_id);
};

async function tell(conference_id) {
  const found = await tables.send(new GetCommand({ TableName: CONFERENCES_TABLE, Key: { PK: conference_id } }));
  if (!found.Item) {
    return answer(404, { error: "there is no such conference" });
  }
  return answer(200, { conference_id, name: found.Item.name });
}

async function keep(conference_id, event) {
  const claims = event.requestContext?.authorizer?.claims ?? {};
  if (!(claims["cognito:groups"] ?? "").split(",").includes("Admin")) {
    return answer(403, { error: "administrators keep conferences" });
  }
  const name = nameIn(event.body);
  if (!name) {
    return answer(400, { error: "a conference has a name" });
  }
  await tables.send(new PutCommand({ TableName: CONFERENCES_TABLE, Item: { PK: conference_id, name } }));

  const qr_code = new PutObjectCommand({ Bucket: DATA_BUCKET, Key: `qr/${conference_id}.svg`, ContentType: "image/svg+xml" });
  return answer(200, { conference_id, name, qr_upload_url: await getSignedUrl(objects, qr_code, { expiresIn: URL_SECONDS }) });
}

// The name in a body, or null where it has none.
function nameIn(body) {
  try {
    const { name } = JSON.parse(body);
    return typeof name === "string" && name.length <= 200 ? name.trim() : null;
  } catch {
    return null;
  }
}

function answer(statusCode, body) {
  const headers = { "Access-Control-Allow-Origin": ALLOWED_ORIGIN, "Content-Type": "application/json" };
  return { statusCode, headers, body: JSON.stringify(body) };
}
