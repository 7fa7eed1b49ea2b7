package import Campaign
package import ConformanceCatalogue
internal import ConformanceEngine
internal import ConformanceJudge
package import ConformanceModel
internal import Diagnostics
package import Foundation

/// A folder with which another person can look into a case without this program.
package struct ReproductionFolder {
    package var path: String
    package var testCase: ConformanceCase
    package var profiles: [Profile]
    package var failureModes: FailureModeCatalogue
    /// The command of a client that was judged in the place of a stack here, and the result of its case.
    package var subject: (command: TriggerCommand, result: CaseResult)?

    package init(
        path: String,
        testCase: ConformanceCase,
        profiles: [Profile],
        failureModes: FailureModeCatalogue,
        subject: (command: TriggerCommand, result: CaseResult)? = nil
    ) {
        self.subject = subject
        self.path = path
        self.testCase = testCase
        self.profiles = profiles
        self.failureModes = failureModes
    }

    /// Plays the case once and writes everything; the result is what the judge made of it.
    package func write(seed: UInt64, now: Int64) throws -> CaseResult {
        let recording: Recording
        do {
            recording = try Recording.play(testCase, seed: seed, now: now)
        } catch {
            throw CommandError(message: "\(testCase.id) can't be reproduced: \(error)", status: .harnessFault)
        }
        let expectation = Oracle().expectation(for: testCase)
        let result =
            try subject?.result
            ?? Judge(profiles: ProfileSet(profiles)).result(
                of: testCase,
                expectation: expectation,
                // A refusal counts only beside its control, which is no part of the recording.
                outcome: CasePlayer(stacks: .standard())
                    .play(testCase, seed: seed, now: now, playsControl: expectation.hasRejection),
                durationMs: 0
            )
        let material = recording.material
        let plan = ReplayPlan(testCase, expectation: expectation, now: now) { name in
            ((try? material.credential(name))?.chain.count ?? 0) > 1
        }
        let folder = try OutputFolder(path)
        try writePKI(material, plan, in: folder.folder("pki"))
        try writeRecording(recording, now: now, in: folder)
        try folder.write("settings.json", encoded(CaseSettings(testCase)))
        try folder.write("result.json", encoded(result))
        let commands = plan.servers.flatMap { [$0.command] + $0.connections.map(\.client) }
        // A word is a line, also one that a scenario gave a line feed.
        let words = commands.map { $0.map { SingleLine.of($0, limit: .max) } }.joined(separator: [""])
        try folder.write("argv.txt", Data((words + [""]).joined(separator: "\n").utf8))
        try folder.write("replay.sh", Data(ReplayScript(plan, caseID: testCase.id).text.utf8), mode: 0o755)
        let clientScript = subject.map { ClientScript(plan, testCase, $0.command) }
        if let clientScript { try folder.write("client.sh", Data(clientScript.text.utf8), mode: 0o755) }
        let code = plan.isAccepted.map { $0 ? 0 : 1 } ?? 3
        try folder.write("expected-exit-code", Data("\(code)\n".utf8))
        let readme = ReproductionReadme(
            testCase,
            CaseExplanation(testCase, catalogue: failureModes),
            plan,
            result: result,
            rules: Oracle.ruleDescriptions,
            clientScript: clientScript
        )
        try folder.write("README.md", Data(readme.text.utf8))
        return result
    }

    private func writePKI(_ material: CaseMaterial, _ plan: ReplayPlan, in folder: OutputFolder) throws {
        for name in material.entryNames {
            guard let entry = material.minted(name) else { continue }
            try folder.write("\(name).crt", PEMText.data("CERTIFICATE", [entry.certificate]))
            guard let key = entry.privateKey else { continue }
            try folder.write("\(name).key", PEMText.data("PRIVATE KEY", [key]), mode: 0o600)
        }
        for name in material.revocationListNames {
            try folder.write("\(name).crl", PEMText.data("X509 CRL", try material.revocationLists([name])))
        }
        for (file, names) in plan.bundles {
            try folder.write("\(file)", PEMText.data("CERTIFICATE", try material.certificates(names)))
        }
        for presented in plan.identities {
            let credential = try material.credential(presented.credential)
            let file = "\(presented.side.rawValue)-\(presented.credential)"
            try folder.write("\(file).pem", PEMText.data("CERTIFICATE", Array(credential.chain.prefix(1))))
            try folder.write("\(file)-chain.pem", PEMText.data("CERTIFICATE", Array(credential.chain.dropFirst())))
            let key = PEMText.data("PRIVATE KEY", [credential.privateKey])
            try folder.write("\(file).key", key, mode: 0o600)
            guard subject != nil, presented.side == .client else { continue }
            let chain = PEMText.data("CERTIFICATE", credential.chain)
            try folder.write("\(file)-whole.pem", chain)
            try folder.write("\(file)-bundle.pem", chain + key, mode: 0o600)
        }
        guard subject != nil, !testCase.client.revocationLists.isEmpty else { return }
        let lists = try material.revocationLists(testCase.client.revocationLists)
        try folder.write("client-lists.pem", PEMText.data("X509 CRL", lists))
    }

    private func writeRecording(_ recording: Recording, now: Int64, in folder: OutputFolder) throws {
        try folder.write("keylog.txt", Data(recording.keyLog.map { $0 + "\n" }.joined().utf8), mode: 0o600)
        var capture = PcapNG(comment: testCase.id, keyLog: recording.keyLog)
        var time = UInt64(max(0, now)) * 1_000_000
        var flights: [String] = []
        for (number, connection) in recording.connections.enumerated() {
            for packet in SyntheticTCP(connection, number: number).packets {
                capture.add(packet: packet, atMicroseconds: time)
                time += 1000
            }
            flights += ["connection \(number + 1)"] + FlightText(connection).lines + [""]
        }
        try folder.write("capture.pcapng", Data(capture.bytes), mode: 0o600)
        try folder.write("flights.txt", Data(flights.map { $0 + "\n" }.joined().utf8))
    }

    private func encoded(_ value: some Encodable) throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes, .prettyPrinted]
        return try encoder.encode(value) + [0x0A]
    }
}

/// The parts of a case that a reader wants to see.
private struct CaseSettings: Encodable {
    var id: String
    var version: ProtocolVersion
    var pairing: String
    var pki: PKISpecification
    var server: ServerSettings
    var client: ClientSettings
    var steps: [Step]

    init(_ testCase: ConformanceCase) {
        id = testCase.id
        version = testCase.version
        pairing = "\(testCase.pairing.server.rawValue)/\(testCase.pairing.client.rawValue)"
        pki = testCase.pki
        server = testCase.server
        client = testCase.client
        steps = testCase.steps
    }
}

/// DER with the boundaries of RFC 7468.
package enum PEMText {
    package static func data(_ label: String, _ objects: [[UInt8]]) -> Data {
        var text = ""
        for object in objects {
            let body = Data(object).base64EncodedString(options: [.lineLength64Characters, .endLineWithLineFeed])
            text += "-----BEGIN \(label)-----\n\(body)\n-----END \(label)-----\n"
        }
        return Data(text.utf8)
    }
}

/// The folders that `run --keep failures` writes.
package struct KeptFailures {
    package var path: String
    package var catalogue: Catalogue
    /// The folder of scenarios that the user named.
    package var folder: String?
    /// The command of the client that was judged, if one was.
    package var client: String?

    package init(
        path: String,
        catalogue: Catalogue,
        folder: String? = nil,
        client: String? = nil
    ) {
        self.client = client
        self.path = path
        self.catalogue = catalogue
        self.folder = folder
    }

    /// Writes a folder for each case that failed, with the run's own seed and time; a case that can't be played alone
    /// is named on standard error.
    package func write(_ report: RunReport, cases: [ConformanceCase], record: RunRecord) throws {
        let failed = Dictionary(
            report.cases.filter { $0.verdict == .failed || $0.verdict == .unexpectedlyPassed }.map { ($0.id, $0) },
            uniquingKeysWith: { first, _ in first }
        )
        guard !failed.isEmpty else { return }
        let command = client.flatMap { try? TriggerCommand($0) }
        let failureModes = try FailureModeCatalogue.load(directory: ScenarioFolder.find(named: folder))
        for var testCase in cases {
            guard let result = failed[testCase.id] else { continue }
            // The library plays what is recorded, in the place of the user's client.
            if command != nil { testCase.pairing = Pairing(server: testCase.pairing.server, client: .countersign) }
            let reproduction = ReproductionFolder(
                path: "\(path)/\(Self.folderName(testCase.id))",
                testCase: testCase,
                profiles: catalogue.profiles,
                failureModes: failureModes,
                subject: command.map { ($0, result) }
            )
            do {
                _ = try reproduction.write(seed: record.seed, now: record.now)
            } catch let error as CommandError {
                ErrorOutput.write("countersign: \(error.message)\n")
            }
        }
    }

    /// The id as one name of a folder.
    package static func folderName(_ id: String) -> String {
        id.split(separator: "/").joined(separator: "--")
    }
}
