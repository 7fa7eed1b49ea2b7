import Conformance
import Testing

@testable import ConformanceEngine

@Suite("Timeline")
struct TimelineTests {
    private static func rotation(_ at: Phase?) -> Rotation { Rotation(side: .server, .identity("next"), at: at) }

    @Test("puts a phased rotation under the connect before it")
    func phased() {
        let steps: [Step] = [.connect, .exchange, .rotate(Self.rotation(.clientHelloProcessed)), .connect]
        let expected: [Timeline.Event] = [
            .connect([Self.rotation(.clientHelloProcessed)]), .exchange, .connect([]),
        ]
        #expect(Timeline(steps).events == expected)
    }

    @Test("leaves a rotation without a phase where it is")
    func unphased() {
        let steps: [Step] = [.connect, .rotate(Self.rotation(nil)), .exchange]
        #expect(Timeline(steps).events == [.connect([]), .rotate(Self.rotation(nil)), .exchange])
    }

    @Test("does a rotation at the close after the close, wherever it stands", arguments: [false, true])
    func closed(comesFirst: Bool) {
        let rotate = Step.rotate(Self.rotation(.closed))
        let steps: [Step] = comesFirst ? [.connect, rotate, .close] : [.connect, .close, rotate]
        #expect(Timeline(steps).events == [.connect([]), .close, .rotate(Self.rotation(.closed))])
    }
}
