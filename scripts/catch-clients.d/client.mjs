// A client on Node's https: node client.mjs HOLE URL HOST PORT ROOTS [CHAIN KEY]
import https from "node:https";
import fs from "node:fs";

const [hole, url, host, port, roots, chain, key] = process.argv.slice(2);
const settings = {
    ca: fs.readFileSync(roots),
    agent: false,
    timeout: 8000,
    lookup: (name, options, done) => options.all ? done(null, [{ address: host, family: 4 }]) : done(null, host, 4),
};
if (chain && hole !== "no-certificate") {
    settings.cert = fs.readFileSync(chain);
    settings.key = fs.readFileSync(key);
}
if (hole === "no-verification") settings.rejectUnauthorized = false;
if (hole === "no-name") settings.checkServerIdentity = () => undefined;
if (hole === "subject-name") {
    settings.checkServerIdentity = (name, certificate) =>
        certificate.subject.CN === name || certificate.subjectaltname?.includes(name) ? undefined : new Error("name");
}
const request = https.get(url, settings, (answer) => {
    answer.resume();
    answer.on("end", () => process.exit(answer.statusCode === 200 ? 0 : 1));
});
request.on("error", (error) => {
    console.error(`${error.code}: ${error.message}`);
    process.exit(1);
});
