// Prints what the engine costs over a bare loop of the same handshakes, and what a second worker brings, as Markdown.

let words = Array(CommandLine.arguments.dropFirst())
guard (2...3).contains(words.count), let rounds = words.count == 3 ? Int(words[2]) : 7, rounds > 0 else {
    throw BenchmarkError.usage("EngineBenchmark PROGRAM SCENARIOS [ROUNDS]")
}
print(try Measurement(Engine(program: words[0], scenarios: words[1]), rounds: rounds).markdown)
