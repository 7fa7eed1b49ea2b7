internal import Glibc
internal import Synchronization

/// Tells when something happens in the folders of files, by inotify(7).
///
/// Folders are watched and not files: whoever renews a certificate renames a new file into its place, or turns a
/// symbolic link elsewhere, as Kubernetes and certbot do, and both happen in the folder. A change elsewhere, such as one
/// behind a link, is for the check that comes by time.
final class FileChanges: Sendable {
    /// A sign for each burst of changes; it ends with this object. Empty where inotify can't be had.
    let events: AsyncStream<Void>
    private let ends: (inotify: Int32, wake: [Int32])?

    init(of paths: [String]) {
        let (events, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        self.events = events
        let descriptor = inotify_init1(Int32(IN_CLOEXEC) | Int32(IN_NONBLOCK))
        var wake: [Int32] = [-1, -1]
        guard descriptor >= 0, pipe(&wake) == 0 else {
            if descriptor >= 0 { close(descriptor) }
            ends = nil
            continuation.finish()
            return
        }
        // No program that is started inherits them.
        for end in wake { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        let kinds = [IN_CLOSE_WRITE, IN_MOVED_TO, IN_MOVED_FROM, IN_CREATE, IN_DELETE, IN_ATTRIB]
        let mask = kinds.reduce(UInt32(0)) { $0 | UInt32(bitPattern: Int32($1)) }
        for folder in Set(paths.flatMap(Self.folders)) { inotify_add_watch(descriptor, folder, mask) }
        ends = (descriptor, wake)
        Self.read(descriptor, until: wake[0], continuation)
    }

    deinit {
        // The thread sees the end of the pipe, and closes what is left.
        if let ends { close(ends.wake[1]) }
    }

    /// The folder of a path, and the path itself where it is a folder.
    private static func folders(of path: String) -> [String] {
        var status = stat()
        let isFolder = stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
        let slash = path.utf8.lastIndex(of: UInt8(ascii: "/"))
        let parent = slash.map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
        return isFolder ? [path, parent] : [parent]
    }

    /// Reads on a thread of its own, which sleeps in poll(2) and ends with the pipe.
    private static func read(_ descriptor: Int32, until wake: Int32, _ events: AsyncStream<Void>.Continuation) {
        let context = Unmanaged.passRetained(Reader(descriptor: descriptor, wake: wake, events: events))
        var thread = pthread_t()
        let failure = pthread_create(&thread, nil, readChanges, context.toOpaque())
        guard failure == 0 else {
            context.release()
            events.finish()
            return
        }
        pthread_detach(thread)
    }

    fileprivate final class Reader {
        let descriptor: Int32
        let wake: Int32
        let events: AsyncStream<Void>.Continuation

        init(descriptor: Int32, wake: Int32, events: AsyncStream<Void>.Continuation) {
            self.descriptor = descriptor
            self.wake = wake
            self.events = events
        }

        func run() {
            var buffer = [UInt8](repeating: 0, count: 4096)
            while true {
                var polled = [
                    pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0),
                    pollfd(fd: wake, events: Int16(POLLIN), revents: 0),
                ]
                guard poll(&polled, 2, -1) >= 0 || errno == EINTR else { break }
                if polled[1].revents != 0 { break }
                guard polled[0].revents != 0 else { continue }
                while Glibc.read(descriptor, &buffer, buffer.count) > 0 {}
                events.yield()
            }
            events.finish()
            close(descriptor)
            close(wake)
        }
    }
}

/// The body of the thread; it owns the reader.
private func readChanges(_ context: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    if let context { Unmanaged<FileChanges.Reader>.fromOpaque(context).takeRetainedValue().run() }
    return nil
}

/// The moments at which a reloader looks at its files: after changes, and after an interval in any case.
enum ReloadMoments {
    /// Calls the body for each moment, until the task is cancelled.
    ///
    /// - Parameter settle: How long a burst of changes may go on before the files are looked at: a key and its
    ///   certificate are written one after the other.
    static func run(
        _ paths: [String],
        every interval: Duration,
        settle: Duration,
        clock: any Clock<Duration>,
        _ body: @escaping @Sendable () -> Void
    ) async {
        let changes = FileChanges(of: paths)
        // A change before the watch began would otherwise wait for the interval.
        body()
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                while (try? await clock.sleep(for: interval)) != nil, !Task.isCancelled { body() }
            }
            group.addTask {
                for await _ in changes.events {
                    guard (try? await clock.sleep(for: settle)) != nil else { return }
                    body()
                }
            }
            await group.waitForAll()
        }
        withExtendedLifetime(changes) {}
    }
}
