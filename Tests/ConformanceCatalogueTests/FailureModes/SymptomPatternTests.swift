import ConformanceCatalogue
import ConformanceModel
import Testing

@Suite("Words of a symptom")
struct SymptomPatternTests {
    @Test(
        "match whatever the spelling",
        arguments: [
            ("tlsv13 alert certificate required", "[SSL: TLSV13_ALERT_CERTIFICATE_REQUIRED] x", true),
            ("certificate required", "certificate\t required", true),
            ("certificate required", "certificate is required", false),
            ("is valid for * not", "x509: certificate is valid for a, b, not c", true),
            ("is valid for * not", "not c is valid for a", false),
            ("b * b", "one b here", false),
            ("*", "anything", false),
        ]
    )
    func matching(pattern: String, line: String, isMatch: Bool) {
        #expect(SymptomPattern(pattern).matches(normalized: SymptomPattern.normalized(line)) == isMatch)
    }

    @Test("weigh what they fix, without stars")
    func weight() {
        #expect(SymptomPattern("ab * cd").weight == 4)
        #expect(SymptomPattern("a_b").weight == 3)
    }
}
