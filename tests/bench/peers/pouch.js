// PouchDB on the same visits: `serve FOLDER PORT`, `push FOLDER URL` (visits on standard input), `pull FOLDER URL`.
// A visit is a document. Both sides keep them in LevelDB as it comes, which does not wait for the disk.
"use strict";

const fs = require("fs");
const path = require("path");
const PouchDB = require("pouchdb");

const BATCH = 1000;

function serve(folder, port) {
  const express = require("express");
  const databases = PouchDB.defaults({ prefix: path.join(folder, "server-") });
  const app = express().use(require("express-pouchdb")(databases, { mode: "minimumForPouchDB", inMemoryConfig: true }));
  app.listen(Number(port), "127.0.0.1");
}

async function push(folder, url) {
  const laptop = new PouchDB(path.join(folder, "laptop"));
  const visits = JSON.parse(fs.readFileSync(0, "utf8"));
  await laptop.bulkDocs(visits.map((visit) => ({ _id: visit.id, ...visit })));
  return timed(() => laptop.replicate.to(url, { batch_size: BATCH }));
}

async function pull(folder, url) {
  const laptop = new PouchDB(path.join(folder, "laptop"));
  const said = await timed(() => laptop.replicate.from(url, { batch_size: BATCH }));
  const all = await laptop.allDocs({ include_docs: true });
  return { ...said, visits: all.rows.map((row) => row.doc) };
}

async function timed(work) {
  const begun = process.hrtime.bigint();
  await work();
  const seconds = Number(process.hrtime.bigint() - begun) / 1e9;
  return { seconds, peak_mib: process.resourceUsage().maxRSS / 1024 };
}

const [phase, ...words] = process.argv.slice(2);
Promise.resolve({ serve, push, pull }[phase](...words))
  .then((said) => said && process.stdout.write(JSON.stringify(said)))
  .catch((error) => {
    console.error(error);
    process.exit(1);
  });
