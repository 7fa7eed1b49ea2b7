// Prints what the engine costs over a bare loop of the same handshakes, and what a second worker brings, as Markdown.

let words = Array(CommandLine.arguments.dropFirst())
guard words.count >= 5, let rounds = Int(words[3]), rounds > 0 else {
    throw BenchmarkError.usage("EngineBenchmark PROGRAM SCENARIOS CATALOGUE ROUNDS GLOB…")
}
let floor = try FloorMeasurement(Engine(program: words[0], scenarios: words[1]), rounds: rounds)
let workers = try WorkerMeasurement(
    Engine(program: words[0], scenarios: words[2]),
    Array(words[4...]),
    rounds: rounds
)
print(
    """
    \(floor.markdown)

    \(workers.markdown)
    """
)
