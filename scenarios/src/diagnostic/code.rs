//! The register of codes. A code never changes its meaning, and every code has a page.

macro_rules! codes {
    ($($(#[doc = $doc:literal])+ $name:ident = $code:literal,)+) => {
        /// What is wrong, as a stable code.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum Code { $($(#[doc = $doc])+ $name,)+ }

        impl Code {
            /// Every code, in order.
            pub const ALL: &'static [Self] = &[$(Self::$name,)+];

            /// The letter and four digits.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $code,)+ }
            }

            /// What it means, in one line.
            pub const fn title(self) -> &'static str {
                match self { $(Self::$name => concat!($($doc),+).trim_ascii(),)+ }
            }

            /// The page shown by `ninefold explain`.
            pub const fn page(self) -> &'static str {
                match self { $(Self::$name => include_str!(concat!("explain/", $code, ".md")),)+ }
            }
        }
    };
}

codes! {
    /// The file is not YAML.
    Syntax = "E0101",
    /// A key is given twice.
    DuplicateKey = "E0102",
    /// A key the language does not have.
    UnknownKey = "E0103",
    /// A map, list or single value where another shape is needed.
    Shape = "E0104",
    /// Something that must be given is missing.
    Missing = "E0105",
    /// Part of the language, but not supported yet.
    NotYet = "E0106",
    /// A group needs more units than it has.
    NeedAboveUnits = "E0107",
    /// A YAML anchor or alias.
    Anchor = "E0108",
    /// A YAML tag.
    Tag = "E0109",
    /// More than one document in a file.
    SeveralDocuments = "E0110",
    /// A YAML merge key.
    MergeKey = "E0111",
    /// The file is larger or deeper than the stated limits.
    Limit = "E0112",
    /// The file is not text in UTF-8.
    NotText = "E0113",
    /// A file cannot be read.
    Unreadable = "E0114",
    /// A word that is not among those allowed.
    UnknownWord = "E0115",
    /// Several variants are given where exactly one is needed.
    Variant = "E0116",
    /// A name that does not follow the rule for ids.
    BadId = "E0117",
    /// A `--set` that cannot be applied.
    BadSet = "E0118",
    /// A list or map that may not be empty is empty.
    Empty = "E0119",
    /// A key that is not a single word.
    KeyShape = "E0120",
    /// A quantity without its unit.
    UnitMissing = "E0201",
    /// A unit the language does not have.
    UnitUnknown = "E0202",
    /// A month or a quarter used as a unit of time.
    UnitMonth = "E0203",
    /// A number that cannot be read.
    NotANumber = "E0204",
    /// A number outside its range.
    Range = "E0205",
    /// A ratio above 1 or below 0.
    Ratio = "E0206",
    /// A parameter of a law is outside its range.
    LawRange = "E0207",
    /// A law lacks a parameter or has one too many.
    LawParameters = "E0208",
    /// An instant that cannot be read.
    Instant = "E0209",
    /// A time zone that is not in the IANA data.
    Zone = "E0210",
    /// Shares that do not sum to 1.
    Shares = "E0211",
    /// A quantity that must be a whole number is not.
    Whole = "E0212",
    /// An uncertain number where only a known one can stand.
    NotUncertain = "E0213",
    /// A component that does not exist is named.
    NoComponent = "E0301",
    /// A path names nothing.
    PathNowhere = "E0302",
    /// A journey that does not exist is named.
    NoJourney = "E0303",
    /// A domain that does not exist is named.
    NoDomain = "E0304",
    /// A domain level that does not exist is named.
    NoLevel = "E0305",
    /// A record that does not exist is named.
    NoRecord = "E0306",
    /// A column that a record does not have is named.
    NoColumn = "E0307",
    /// A domain contains itself.
    DomainCycle = "E0308",
    /// Components depend on one another in a circle.
    DependencyCycle = "E0309",
    /// From a cold start, components wait for one another for ever.
    StartupCycle = "E0310",
    /// `like` comes back to where it began.
    LikeCycle = "E0311",
    /// `extends` comes back to where it began, or goes too deep.
    ExtendsCycle = "E0312",
    /// A file outside the scenario's folder.
    OutsideFolder = "E0313",
    /// The same edge is given twice.
    DuplicateEdge = "E0314",
    /// A side is asked of a component without a quorum.
    SideWithoutQuorum = "E0315",
    /// A component depends on itself.
    SelfDependency = "E0316",
    /// An agreement that does not exist is named.
    NoAgreement = "E0317",
    /// A team that does not exist is named.
    NoTeam = "E0318",
    /// A spare part that a team does not keep is named.
    NoPart = "E0350",
    /// A failover plan that does not exist is named.
    NoFailover = "E0330",
    /// A probe that does not exist is named.
    NoProbe = "E0331",
    /// Named paths contain one another in a circle.
    PathCycle = "E0340",
    /// A named path has the name of a component.
    PathShadows = "E0341",
    /// A horizon of no length, or above 200 years.
    Horizon = "E0401",
    /// The warm-up leaves nothing to measure.
    Warmup = "E0402",
    /// No window fits the measured time.
    NoWindow = "E0403",
    /// A report time outside the horizon.
    ReportTime = "E0404",
    /// A local time that does not exist on that day.
    LocalTimeGap = "E0405",
    /// A local time that happens twice on that day.
    LocalTimeTwice = "E0406",
    /// A slice that is longer than the window.
    Slice = "E0407",
    /// A start in the long run of something that has none, or that is not independent.
    NoEquilibrium = "E0408",
    /// More units than the stated limit.
    TooManyUnits = "E0501",
    /// A failure mode that is never repaired and does not say so.
    RepairMissing = "E0502",
    /// A failure mode with no time to failure, or with several.
    FailureTime = "E0503",
    /// More active places than units, or none.
    StandbyPlaces = "E0504",
    /// Dormancy without a warm standby, or a warm standby without dormancy.
    Dormancy = "E0505",
    /// More branches needed than there are.
    Branches = "E0506",
    /// The replicas do not add up.
    Replicas = "E0507",
    /// Units cannot be spread as asked.
    Spread = "E0508",
    /// Units outside every domain of the level.
    OutsideLevel = "E0509",
    /// A fallback on a hard edge.
    HardFallback = "E0510",
    /// A target that does not go with its indicator.
    TargetIndicator = "E0511",
    /// A priority that nobody heeds.
    Priority = "E0512",
    /// A repair that would wait for ever.
    WaitsForEver = "E0513",
    /// A team that cannot work so.
    Crew = "E0550",
    /// A failover plan that cannot be carried out.
    Failover = "E0530",
    /// An option that cannot be.
    Option = "E0540",
    /// An experiment that cannot be carried out.
    Experiment = "E0531",
    /// A shared risk or hazard that cannot be.
    SharedRisk = "E0520",
    /// Tests that cannot be, or have nothing to find.
    Hidden = "E0521",
    /// A repair quality or a restart that cannot be.
    RepairQuality = "E0522",
    /// A load that cannot be shared so.
    LoadSharing = "E0523",
    /// A failure on demand that cannot be.
    OnDemand = "E0524",
    /// Data without a backup to come back from, or a backup that is of no use.
    Backup = "E0525",
    /// Parts of a run's plan contradict one another.
    Plan = "E0601",
    /// A measure that does not exist.
    NoMeasure = "E0602",
    /// Parameter draws of a scenario in which nothing is uncertain.
    NothingUncertain = "E0603",
    /// A record cannot be used.
    Record = "E0701",
    /// A law cannot be fitted to a record.
    Fit = "E0702",
    /// A model of another tool that cannot be imported.
    Import = "E0710",
}
