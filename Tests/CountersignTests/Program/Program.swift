import Foundation

/// The built program, run as a user runs it.
struct Program {
    struct Outcome {
        var status: Int32
        var output: String
        var errors: String
    }

    /// The folder that it is started in.
    let folder: URL

    /// Makes a folder with one scenario, in which GnuTLS meets itself.
    init(variants: Int = 1) throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "countersign-\(UUID().uuidString)")
        let scenarios = folder.appending(path: "scenarios/client-auth")
        try FileManager.default.createDirectory(at: scenarios, withIntermediateDirectories: true)
        let values = (1...variants).map { "    v\($0): {client: {serverName: server.test}}\n" }.joined()
        try Data(Self.scenario(variants: values).utf8).write(to: scenarios.appending(path: "small.yaml"))
        // Only in a clone are the scenarios of the current directory played without --scenarios.
        try Data("name: \"countersign\"".utf8).write(to: folder.appending(path: "Package.swift"))
    }

    /// Removes the folder.
    func remove() {
        try? FileManager.default.removeItem(at: folder)
    }

    func contents(_ name: String) -> String {
        FileManager.default.contents(atPath: folder.appending(path: name).path()).map {
            String(decoding: $0, as: UTF8.self)
        }
            ?? ""
    }

    /// Runs to the end. `whileRunning` gets the process after its start.
    func run(_ arguments: [String], whileRunning: (Process) -> Void = { _ in }) throws -> Outcome {
        try run(Self.executable.path(), arguments, whileRunning: whileRunning)
    }

    /// Runs another program in the folder.
    func run(
        _ path: String,
        _ arguments: [String],
        whileRunning: (Process) -> Void = { _ in }
    ) throws -> Outcome {
        let process = Process()
        process.executableURL = URL(filePath: path)
        process.arguments = arguments
        process.currentDirectoryURL = folder
        // Files, since a pipe that nobody empties would stop the program; their own, since others may run beside it.
        let files = ["stdout", "stderr"].map { "\(UUID().uuidString).\($0)" }
        let handles = try files.map { name in
            let file = folder.appending(path: name)
            try Data().write(to: file)
            return try FileHandle(forWritingTo: file)
        }
        process.standardOutput = handles[0]
        process.standardError = handles[1]
        process.standardInput = FileHandle.nullDevice
        try process.run()
        whileRunning(process)
        process.waitUntilExit()
        return Outcome(
            status: process.terminationStatus,
            output: contents(files[0]),
            errors: contents(files[1])
        )
    }

    /// Starts the program, whose output goes nowhere.
    func start(_ arguments: [String]) throws -> Process {
        let process = Process()
        process.executableURL = Self.executable
        process.arguments = arguments
        process.currentDirectoryURL = folder
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        process.standardInput = FileHandle.nullDevice
        try process.run()
        return process
    }

    func run(_ arguments: String...) throws -> Outcome { try run(arguments) }

    /// Beside the tests: both are products of one build.
    static var executable: URL {
        let tests = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        return URL(filePath: tests).deletingLastPathComponent().appending(path: "countersign")
    }

    private static func scenario(variants: String) -> String {
        """
        scenario: client-auth/small
        title: A client certificate is required
        source: [{rfc: 8446, section: 4.4.2.4}]
        pki:
          root: {ca: true}
          server: {issuer: root, dns: [server.test], eku: [serverAuth]}
          valid: {issuer: root, eku: [clientAuth]}
        axes:
          clientAuth: [RequestClientCert, RequireAndVerifyClientCert]
          credential: [none, valid]
          variant:
        \(variants)  tls: [1.3]
          pairing: [gnutls/gnutls]
        server: {identity: server, clientCAs: [root]}
        client: {rootCAs: [root], serverName: server.test}
        control: {credential: valid}

        """
    }
}
