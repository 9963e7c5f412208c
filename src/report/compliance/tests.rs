//! What every format of the report says.

use super::*;
use crate::model::{Detour, Moment, RuleCount};
use serde_json::Value;

const ALL: [Breakdown; 3] = [Breakdown::Rule, Breakdown::Package, Breakdown::Owner];

fn count(canonical_uses: usize, findings: usize) -> RuleCount {
    RuleCount { findings, canonical_uses, ..RuleCount::default() }
}

fn made_up() -> Compliance {
    let detour = |written: &str, uses| Detour {
        rule: "vat".into(),
        written: written.into(),
        canonical: "shop.tax.VAT".into(),
        uses,
    };
    Compliance {
        total: count(1, 2),
        by_rule: [("vat".into(), count(1, 2)), ("unused".into(), count(0, 0))].into(),
        by_package: [("shop".into(), count(1, 0)), (String::new(), count(0, 2))].into(),
        by_owner: Some([("@a|`b".into(), count(1, 2))].into()),
        detours: vec![detour("shop.prices.VAT", 1), detour("shop.old.VAT", 1)],
        history: vec![Moment {
            commit: "0123456789abcdef".into(),
            date: "2026-11-20".into(),
            subject: "Start | \x1b[31m".into(),
            total: count(0, 3),
            unreadable: 1,
        }],
    }
}

fn rendered(format: ComplianceFormat, compliance: &Compliance, by: &[Breakdown]) -> String {
    let mut out = Vec::new();
    format.render(compliance, &Extent { by: by.to_vec() }, &Style::default(), &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn every_name_leads_to_its_format() {
    for format in ComplianceFormat::ALL {
        assert_eq!(ComplianceFormat::parse(format.name()), Some(format));
    }
    assert_eq!(ComplianceFormat::parse("xml"), None);
}

#[test]
fn text_has_the_most_to_do_first() {
    let expected = "\
Compliance 33 %: 1 of 3 uses are canonical

By rule
   33 %  1 of 3  vat
      –  0 of 0  unused

By package
    0 %  0 of 2  (none)
  100 %  1 of 1  shop

By owner
   33 %  1 of 3  @a|`b

Other paths
  1  shop.prices.VAT -> shop.tax.VAT
  1  shop.old.VAT -> shop.tax.VAT

History
    0 %  0 of 3  2026-11-20  0123456789 (1 unreadable)  Start | \\u{1b}[31m
";
    assert_eq!(rendered(ComplianceFormat::Text, &made_up(), &ALL), expected);
}

#[test]
fn markdown_keeps_text_from_outside_in_its_cell() {
    let text = rendered(ComplianceFormat::Markdown, &made_up(), &[Breakdown::Owner]);
    assert!(text.contains("| `@a\\|'b` | 33 % | 1 of 3 |"), "{text}");
    assert!(
        text.contains("| 2026-11-20 | 0123456789 (1 unreadable) | 0 % | 0 of 3 | `Start \\| \\u{1b}[31m` |"),
        "{text}"
    );
    assert!(text.contains("```mermaid\ngraph LR\n") && !text.contains("By rule"), "{text}");
}

#[test]
fn the_graph_has_an_arrow_for_each_other_path() {
    let mut compliance = made_up();
    compliance.detours[1].written = "shop.\"old\"]#.VAT".into();
    let expected = "\
graph LR
    subgraph r0[\"vat: 33 %\"]
        n0[\"shop.prices.VAT\"]
        n1[\"shop.tax.VAT\"]
        n0 -->|1| n1
        n2[\"shop.#34;old#34;]#35;.VAT\"]
        n2 -->|1| n1
    end
    classDef canonical fill:#d4edda,stroke:#28a745,color:#000
    class n1 canonical
";
    assert_eq!(rendered(ComplianceFormat::Mermaid, &compliance, &ALL), expected);
    assert_eq!(rendered(ComplianceFormat::Mermaid, &Compliance::default(), &ALL), "graph LR\n");
}

#[test]
fn the_badge_says_less_than_all_until_all_is_done() {
    let badge = |total| -> Value {
        let compliance = Compliance { total, ..Compliance::default() };
        serde_json::from_str(&rendered(ComplianceFormat::Badge, &compliance, &ALL)).unwrap()
    };
    assert_eq!(
        badge(count(999, 1)),
        serde_json::json!({"schemaVersion": 1, "label": "canonical imports", "message": "99%", "color": "green"})
    );
    assert_eq!(badge(count(1, 0))["color"], "brightgreen");
    assert_eq!(badge(count(0, 0))["message"], "no uses");
}

#[test]
fn json_has_the_tables_that_were_asked_for() {
    let json = |by: &[Breakdown]| -> Value {
        serde_json::from_str(&rendered(ComplianceFormat::Json, &made_up(), by)).unwrap()
    };
    let all = json(&ALL);
    assert_eq!((&all["version"], &all["compliance"]), (&1.into(), &0.3333.into()));
    assert_eq!(all["by_package"][""]["findings"], 2);
    assert_eq!(all["paths"][0]["written"], "shop.prices.VAT");
    assert_eq!(all["history"][0]["compliance"], 0.0);
    assert!(json(&[Breakdown::Rule]).get("by_owner").is_none());
}
