internal import NIOCore
internal import Synchronization

/// Who has subscribed to what on one server.
final class NATSRouter: Sendable {
    private struct Subscription {
        let subject: NATSSubject
        let queue: String?
        let channel: any Channel
    }

    private struct Key: Hashable {
        let client: ObjectIdentifier
        let subscription: String
    }

    private let subscriptions = Mutex<[Key: Subscription]>([:])

    func subscribe(_ channel: any Channel, _ subscription: String, _ subject: NATSSubject, queue: String?) {
        let key = Key(client: ObjectIdentifier(channel), subscription: subscription)
        subscriptions.withLock { $0[key] = Subscription(subject: subject, queue: queue, channel: channel) }
    }

    func unsubscribe(_ channel: any Channel, _ subscription: String) {
        let key = Key(client: ObjectIdentifier(channel), subscription: subscription)
        subscriptions.withLock { $0[key] = nil }
    }

    func remove(_ channel: any Channel) {
        let client = ObjectIdentifier(channel)
        subscriptions.withLock { subscriptions in subscriptions = subscriptions.filter { $0.key.client != client } }
    }

    func count(of channel: any Channel) -> Int {
        let client = ObjectIdentifier(channel)
        return subscriptions.withLock { $0.keys.count { $0.client == client } }
    }

    /// Hands the message to every subscriber, and to one of each queue group. Who doesn't take what is sent is cut off.
    func publish(_ message: NATSMessage, _ subject: NATSSubject) {
        let matching = subscriptions.withLock { $0.filter { $0.value.subject.matches(subject) } }
        var servedQueues: Set<String> = []
        for (key, subscription) in matching {
            if let queue = subscription.queue, !servedQueues.insert(queue).inserted { continue }
            let channel = subscription.channel
            if channel.isWritable {
                channel.writeAndFlush(
                    NATSOperation.message(message, subscription: key.subscription).bytes,
                    promise: nil
                )
            } else {
                channel.writeAndFlush(NATSOperation.error("Slow Consumer").bytes, promise: nil)
                channel.close(promise: nil)
            }
        }
    }
}
