//! A HorizontalPodAutoscaler of Kubernetes as the `autoscale` of a component in a run.
#![allow(clippy::unwrap_used)]

use std::path::PathBuf;

use ninefold_scenarios::{LoadOptions, Loaded, load_file, load_text};

const MANIFEST: &str = "\
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: web-hpa}
spec:
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}
  minReplicas: 2
  maxReplicas: 60
  metrics:
    - type: Resource
      resource: {name: cpu, target: {type: Utilization, averageUtilization: 60}}
    - type: External
      external: {metric: {name: rps}, target: {type: AverageValue, averageValue: '50'}}
  behavior:
    scaleDown: {stabilizationWindowSeconds: 120, policies: [{type: Percent, value: 10, periodSeconds: 60}]}
";

fn scenario(autoscale: &str) -> String {
    format!(
        "scenario: shop
components:
  web: {{replicas: 4, capacity: {{per_replica: 50/s}}, autoscale: {autoscale}}}
  api: {{like: web, autoscale: {{max: 9}}}}
journeys: {{use: {{path: [web, api], demand: 100/s}}}}
"
    )
}

/// The folder of a scenario and its manifest; gone when dropped.
struct Beside(PathBuf);

impl Beside {
    fn new(name: &str, scenario: &str, manifest: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("ninefold-manifest-{name}-{}", std::process::id()));
        std::fs::create_dir_all(folder.join("k8s")).unwrap();
        std::fs::write(folder.join("shop.yaml"), scenario).unwrap();
        std::fs::write(folder.join("k8s/hpa.yaml"), manifest).unwrap();
        Self(folder)
    }

    fn load(&self) -> Result<Loaded, String> {
        load_file(&self.0.join("shop.yaml"), &LoadOptions::default()).map_err(|problems| problems.to_text(false))
    }
}

impl Drop for Beside {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

#[test]
fn a_manifest_is_what_it_says_in_our_words() {
    let beside = Beside::new("words", &scenario("{manifest: k8s/hpa.yaml, metric_delay: 45s, min: 3}"), MANIFEST);
    let words = scenario(
        "{min: 3, max: 60, metric_delay: 45s,
      metrics: [{metric: utilization, target: 60 %}, {metric: {per_replica: rps}, target: 50}],
      down: {stabilization: 120s, policies: [{percent: 10, per: 60s}]}}",
    );
    let words = load_text("shop.yaml", &words, &LoadOptions::default()).unwrap();
    let loaded = beside.load().unwrap();
    assert_eq!(format!("{:?}", loaded.spec.autoscalers), format!("{:?}", words.spec.autoscalers));
    assert_eq!(loaded.spec.autoscalers[1].scaler.limits(), (3, 9), "what is like it may override it");
    // What is written down needs no manifest beside it.
    assert!(!loaded.about.effective.contains("manifest"), "{}", loaded.about.effective);
    let again = load_text("shop.yaml", &loaded.about.effective, &LoadOptions::default()).unwrap();
    assert_eq!(format!("{:?}", again.spec.autoscalers), format!("{:?}", loaded.spec.autoscalers));
}

#[test]
fn what_is_wrong_with_a_manifest_is_said_where_it_stands() {
    let refused = |name: &str, autoscale: &str, manifest: &str| {
        Beside::new(name, &scenario(autoscale), manifest).load().map(|_| ()).unwrap_err()
    };
    let unknown = refused("unknown", "{manifest: k8s/hpa.yaml}", &MANIFEST.replace("minReplicas", "minReplica"));
    assert!(unknown.contains("hpa.yaml:6:3") && unknown.contains("minReplicas"), "{unknown}");
    let other = refused("other", "{manifest: k8s/hpa.yaml}", "kind: Deployment\napiVersion: apps/v1\n");
    assert!(other.contains("hpa.yaml:1:7"), "{other}");
    let missing = refused("missing", "{manifest: k8s/none.yaml}", MANIFEST);
    assert!(missing.contains("shop.yaml:3") && missing.contains("there is no such file"), "{missing}");
    let outside = refused("outside", "{manifest: ../hpa.yaml}", MANIFEST);
    assert!(outside.contains("leaves the scenario's folder"), "{outside}");
    let text = load_text("-", &scenario("{manifest: k8s/hpa.yaml}"), &LoadOptions::default()).map(|_| ()).unwrap_err();
    assert!(text.to_text(false).contains("needs a scenario that lies in a folder"), "{text}");
}
