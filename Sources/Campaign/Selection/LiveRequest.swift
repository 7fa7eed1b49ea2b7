internal import ConformanceEngine
package import ConformanceModel
internal import Foundation
internal import MutualTLS
internal import OpenSSL
internal import OpenSSLMinting

/// A server or a client of the user's own, as the user names it.
package struct LiveRequest {
    /// A server that runs already, as HOST:PORT.
    package var target: String?
    /// A command that makes a client connect.
    package var clientTrigger: String?
    /// Whether that command is started once, and takes a line for each connection.
    package var triggerTakesLines = false
    package var issuerCert: String?
    package var issuerKey: String?
    package var mode: ClientAuthMode?
    package var serverName: String?
    package var ca: String?
    package var speaks: Conversation?
    package var implementation: String?
    /// How long silence may last before it counts as acceptance, in milliseconds.
    package var silence = 500
    /// The path that requests are for.
    package var path = "/"
    /// How many seconds the target has until it listens.
    package var wait = 0

    package init() {}

    var stack: Stack { target == nil ? .triggered : .target }

    /// The subject in the words of the user.
    var subjectName: String { target ?? "the client" }

    /// The words that these options were given by.
    package var words: [String] {
        let given: [(String, String?)] = [
            ("--target", target), ("--client-trigger", clientTrigger),
            ("--trigger-mode", triggerTakesLines ? "lines" : nil), ("--mode", mode?.rawValue),
            ("--issuer-cert", issuerCert), ("--issuer-key", issuerKey), ("--server-name", serverName), ("--ca", ca),
            ("--speaks", speaks?.rawValue), ("--implementation", implementation),
            ("--silence", silence == 500 ? nil : String(silence)), ("--path", path == "/" ? nil : path),
        ]
        return given.flatMap { name, value in value.map { [name, $0] } ?? [] }
    }

    /// The peer, read from the arguments; nil without one.
    package func peer(now: Int64) throws -> LivePeer? {
        if let target, let mode { return try server(target, mode, now) }
        if let clientTrigger { return try client(clientTrigger, now) }
        return nil
    }

    private func server(_ target: String, _ mode: ClientAuthMode, _ now: Int64) throws -> LivePeer {
        let address = try HostAndPort(parsing: target, option: "--target", ports: 1...65_535)
        guard let material = try material(now) else { throw CommandError.usage("--target needs a test authority") }
        let endpoint = LiveEndpoint(
            host: address.host,
            port: UInt16(address.port),
            silenceMs: silence,
            requestHost: serverName ?? address.host,
            path: path
        )
        let plan = LiveServerPlan(
            stack: .target,
            mode: mode,
            serverName: serverName ?? address.host,
            rootCount: material.rootCount,
            issuer: material.issuer
        )
        var manifest = PeerManifest.live(
            endpoint,
            speaks: speaks ?? .request,
            implementation: implementation.map(Stack.init(rawValue:))
        )
        // What the report says of the stack.
        if material.rootCount == 0 { manifest.title += ", its certificate not verified" }
        return LivePeer(
            manifest: manifest,
            plan: .server(plan),
            material: material,
            patience: wait
        )
    }

    private func client(_ text: String, _ now: Int64) throws -> LivePeer {
        var command: TriggerCommand
        do {
            command = try TriggerCommand(text)
        } catch {
            throw CommandError.usage("--client-trigger: \(error)")
        }
        command.takesLines = triggerTakesLines
        if command.startingWords?.isEmpty == true {
            throw CommandError.usage(
                "--trigger-mode lines: the command must begin with a program, before any placeholder"
            )
        }
        guard ProgramPath.exists(command.program) else {
            throw CommandError.usage(
                "--client-trigger: there is no program “\(command.program)” that can be started; give its path, or one that "
                    + "is found in PATH"
            )
        }
        let material = try material(now)
        guard material != nil || command.has("rootCAs") else {
            throw CommandError.usage(
                "the client must trust the certificates of the cases: put {rootCAs} into the command, or give the test "
                    + "authority that it trusts with --issuer-cert and --issuer-key"
            )
        }
        let name = serverName ?? (command.has("host") ? nil : "localhost")
        if !command.has("host") { command.serverName = name }
        return LivePeer(
            manifest: .triggered(
                command,
                speaks: speaks ?? .http,
                folder: FileManager.default.currentDirectoryPath,
                implementation: implementation.map(Stack.init(rawValue:))
            ),
            plan: .client(
                TriggeredClientPlan(
                    stack: .triggered,
                    serverName: name,
                    issuer: material?.issuer,
                    isLasting: triggerTakesLines
                )
            ),
            material: material
        )
    }

    private func material(_ now: Int64) throws -> LiveMaterial? {
        guard let issuerCert, let issuerKey else { return nil }
        let issuers = try certificates(issuerCert)
        guard let issuer = issuers.first, issuers.count == 1 else {
            throw CommandError.usage("\(issuerCert): expected one certificate, found \(issuers.count)")
        }
        let key: EVPKey
        do {
            key = try EVPKey(privateKeyPEM: [UInt8](try Data(contentsOf: URL(filePath: issuerKey))), passphrase: nil)
        } catch let error as OpenSSLError {
            throw CommandError.usage("\(issuerKey): expected an unencrypted private key in PEM: \(error)")
        } catch {
            throw CommandError.usage("can't read \(issuerKey): \(FileReason.of(error))")
        }
        do {
            return try LiveMaterial(
                certificate: issuer,
                privateKey: try key.privateKeyDER(),
                serverRoots: try ca.map(certificates) ?? [],
                now: now
            )
        } catch let error as LiveMaterialError {
            throw CommandError.usage("\(issuerCert): \(error)")
        }
    }

    private func certificates(_ path: String) throws -> [[UInt8]] {
        let bytes: [UInt8]
        do {
            bytes = [UInt8](try Data(contentsOf: URL(filePath: path)))
        } catch {
            throw CommandError.usage("can't read \(path): \(FileReason.of(error))")
        }
        do {
            return try Certificate.certificates(inPEM: bytes).map(\.derBytes)
        } catch {
            throw CommandError.usage("\(path): \(error.message)")
        }
    }
}

/// The search for a program as execvp(3) does it.
private enum ProgramPath {
    static func exists(_ program: String) -> Bool {
        let files = FileManager.default
        if program.contains("/") { return files.isExecutableFile(atPath: program) }
        let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/local/bin:/usr/bin:/bin"
        return path.split(separator: ":").contains { files.isExecutableFile(atPath: "\($0)/\(program)") }
    }
}
