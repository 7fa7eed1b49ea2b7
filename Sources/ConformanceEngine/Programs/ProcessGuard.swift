internal import Glibc

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
