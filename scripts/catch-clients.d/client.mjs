// A client on Node's https: node client.mjs HOLE URL HOST PORT ROOTS [CHAIN KEY]
import https from "node:https";
import fs from "node:fs";
import net from "node:net";
import tls from "node:tls";

const [hole, url, host, port, roots, chain, key] = process.argv.slice(2);
// A lookup of one's own is passed over for addresses, so that host and name are told apart by hand.
const name = new URL(url).hostname.replace(/^\[|\]$/g, "");
const settings = {
    host,
    port,
    path: "/",
    headers: { Host: new URL(url).host },
    servername: net.isIP(name) ? "" : name,
    checkServerIdentity: (_, certificate) => tls.checkServerIdentity(name, certificate),
    ca: fs.readFileSync(roots),
    agent: false,
    timeout: 8000,
};
if (chain && hole !== "no-certificate") {
    settings.cert = fs.readFileSync(chain);
    settings.key = fs.readFileSync(key);
}
if (hole === "no-verification") settings.rejectUnauthorized = false;
if (hole === "no-name") settings.checkServerIdentity = () => undefined;
if (hole === "subject-name") {
    settings.checkServerIdentity = (_, certificate) =>
        certificate.subject.CN === name || certificate.subjectaltname?.includes(name) ? undefined : new Error("name");
}
const request = https.get(settings, (answer) => {
    answer.resume();
    answer.on("end", () => process.exit(answer.statusCode === 200 ? 0 : 1));
});
request.on("error", (error) => {
    console.error(`${error.code}: ${error.message}`);
    process.exit(1);
});
