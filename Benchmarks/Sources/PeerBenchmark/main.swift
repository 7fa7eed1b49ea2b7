// Prints one number for one stack: see Work.

let words = Array(CommandLine.arguments.dropFirst())
guard words.count == 5, let work = Work(rawValue: words[1]), let version = Version(rawValue: words[2]),
    let count = Int(words[3]), count > 0
else {
    throw BenchmarkError.usage("PeerBenchmark countersign|libssl|nio-ssl full|resumed|bulk|idle 1.2|1.3 COUNT FOLDER")
}
let subject: any Subject =
    switch words[0] {
    case "countersign": try LibrarySubject(version, resumes: work == .resumed, folder: words[4])
    case "libssl": try LibsslSubject(version, resumes: work == .resumed, folder: words[4])
    case "nio-ssl": try NIOSSLSubject(version, folder: words[4])
    default: throw BenchmarkError.usage("no stack is called \(words[0])")
    }
print(try work.measure(subject, count: count))
