import ConformanceModel
import Testing

@testable import Diagnostics

@Suite("Words of a log")
struct QuotedAlertTests {
    @Test(
        "name an alert by number or by name",
        arguments: [
            ("SSL alert number 42", 42), ("Received alert [116]: Certificate is required", 116),
            ("Received fatal alert: certificate_required", 116), ("sslv3 alert certificate unknown", 46),
            ("alert 48", 48), ("alert(112)", 112),
        ] as [(String, UInt8)]
    )
    func alerts(text: String, number: UInt8) {
        #expect(QuotedAlert(in: text)?.alert == AlertDescription(rawValue: number))
    }

    @Test(
        "name no alert where there is none",
        arguments: ["alert", "certificate expired", "alert number 999", "alerting"]
    )
    func noAlert(text: String) {
        #expect(QuotedAlert(in: text) == nil)
    }
}
