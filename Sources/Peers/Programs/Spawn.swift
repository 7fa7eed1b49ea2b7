internal import ConformanceEngine
internal import Glibc

/// The start of a program.
struct Spawn {
    var arguments: [String]
    /// The process group to join; 0 for one of its own.
    var group: pid_t
    var input: Descriptor?
    var output: Descriptor?
    var errors: Descriptor?
    var environment: [String: String] = [:]
    var folder: String?

    /// - Returns: the id of the process.
    func start() throws(SystemFailure) -> pid_t {
        var actions = posix_spawn_file_actions_t()
        var attributes = posix_spawnattr_t()
        posix_spawn_file_actions_init(&actions)
        posix_spawnattr_init(&attributes)
        defer {
            posix_spawn_file_actions_destroy(&actions)
            posix_spawnattr_destroy(&attributes)
        }
        for (descriptor, target) in [(input, STDIN_FILENO), (output, STDOUT_FILENO), (errors, STDERR_FILENO)] {
            if let descriptor {
                posix_spawn_file_actions_adddup2(&actions, descriptor.number, target)
            } else {
                let mode = target == STDIN_FILENO ? O_RDONLY : O_WRONLY
                posix_spawn_file_actions_addopen(&actions, target, "/dev/null", mode, 0)
            }
        }
        // What this process ignores or blocks is no affair of the program's.
        var signals = sigset_t()
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        sigfillset(&signals)
        posix_spawnattr_setsigdefault(&attributes, &signals)
        posix_spawnattr_setpgroup(&attributes, group)
        posix_spawnattr_setflags(
            &attributes,
            Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF)
        )
        var process: pid_t = 0
        // The call that changes the folder is a GNU extension that Swift doesn't see; env(1) becomes the program itself.
        let command = folder.map { ["/usr/bin/env", "-C", $0] + arguments } ?? arguments
        let code = withCStrings(command) { argv in
            withCStrings(environmentLines) { variables in
                Inheritance.withoutStarts {
                    posix_spawnp(&process, command.first ?? "", &actions, &attributes, argv, variables)
                }
            }
        }
        guard code == 0 else { throw SystemFailure("can't start \(arguments.first ?? "nothing")", code: code) }
        return process
    }

    private var environmentLines: [String] {
        var lines: [String] = []
        var pointer = environ
        while let entry = pointer.pointee {
            let line = String(cString: entry)
            let name = line.prefix { $0 != "=" }
            if environment[String(name)] == nil { lines.append(line) }
            pointer += 1
        }
        return lines + environment.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
    }

    private func withCStrings<Result>(
        _ strings: [String],
        _ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>) -> Result
    ) -> Result {
        var pointers: [UnsafeMutablePointer<CChar>?] = strings.map { strdup($0) }
        pointers.append(nil)
        defer { pointers.forEach { free($0) } }
        return pointers.withUnsafeBufferPointer { buffer in
            // The list ends with nil, so it is never empty.
            guard let base = buffer.baseAddress else { preconditionFailure("a list of arguments without its end") }
            return body(base)
        }
    }
}

/// Ends every program of this process when this process ends, however it ends.
///
/// All programs share a process group with a small shell that waits for the end of a pipe. Its other end is here and is
/// inherited by nobody, so that the kernel closes it even when this process is killed; the shell then kills its whole
/// group, programs that were started by programs included, and removes the folder that holds their files.
final class ProcessGuard: Sendable {
    /// The process group that programs are to join.
    let group: pid_t
    private let line: Int32

    /// - Parameter folder: removed with all in it at the end.
    init(folder: String) throws(SystemFailure) {
        // A program that died closes the pipe that its orders go to; that must not end this process.
        signal(SIGPIPE, SIG_IGN)
        let pipe = try Pipe()
        let script = "trap '' HUP INT QUIT TERM; read -r line; rm -rf -- \"$1\"; kill -KILL 0"
        let spawned = try Spawn(
            arguments: ["/bin/sh", "-c", script, "guard", folder],
            group: 0,
            input: pipe.readEnd
        ).start()
        group = spawned
        // Kept without an owner: it must stay open for as long as the process lives.
        line = fcntl(pipe.writeEnd.number, F_DUPFD_CLOEXEC, 3)
        guard line >= 0 else { throw SystemFailure("fcntl") }
    }

    deinit {
        close(line)
        var status: Int32 = 0
        while waitpid(group, &status, 0) < 0, errno == EINTR {}
    }
}
