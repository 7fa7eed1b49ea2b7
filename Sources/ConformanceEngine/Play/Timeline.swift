internal import Conformance

/// A case's steps, with each phased rotation under the connect that it belongs to.
struct Timeline {
    enum Event: Hashable {
        /// Opens a connection, rotating at these phases while it shakes hands.
        case connect([Rotation])
        case exchange
        case rotate(Rotation)
        case close
    }

    let events: [Event]

    init(_ steps: [Step]) {
        var events: [Event] = []
        var connect: Int?
        var atClose: [Rotation] = []
        for step in steps {
            switch step {
            case .connect:
                events += atClose.map(Event.rotate)
                atClose = []
                connect = events.count
                events.append(.connect([]))
            case .exchange:
                events.append(.exchange)
            case .close:
                events.append(.close)
                events += atClose.map(Event.rotate)
                atClose = []
            case .rotate(let rotation):
                switch (rotation.at, connect) {
                case (nil, _), (_, nil):
                    events.append(.rotate(rotation))
                case (.closed?, _):
                    if events.last == .close { events.append(.rotate(rotation)) } else { atClose.append(rotation) }
                case (_, let index?):
                    if case .connect(let rotations) = events[index] { events[index] = .connect(rotations + [rotation]) }
                }
            }
        }
        self.events = events + atClose.map(Event.rotate)
    }
}
