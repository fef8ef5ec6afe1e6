//! Figures: sums over rounds, percentiles, what the system says of a process.

use core::time::Duration;

use super::drive::Round;

/// Answers and the time they took, over all rounds.
#[derive(Debug, Default)]
pub struct Sum {
    /// How many.
    pub count: usize,
    /// In how long.
    pub time: Duration,
    /// How long each took.
    pub latencies: Vec<Duration>,
    /// How often patience was asked for.
    pub busy: u64,
}

impl Sum {
    /// One more round.
    pub fn add<A>(&mut self, round: &Round<A>) {
        let latencies = round.latencies();
        self.count += latencies.len();
        self.time += round.lasted();
        self.latencies.extend(latencies);
        self.busy += round.busy;
    }

    /// Answers in a second.
    pub fn rate(&self) -> f64 {
        self.count as f64 / self.time.as_secs_f64()
    }
}

/// The time that this share of all did not exceed; zero where there are none.
pub fn percentile(times: &mut [Duration], share: f64) -> Duration {
    times.sort_unstable();
    let last = times.len().saturating_sub(1);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a share of a length is a place in it"
    )]
    let place = (last as f64 * share).round() as usize;
    times.get(place).copied().unwrap_or_default()
}

/// The median of a few numbers.
pub fn median(numbers: &mut [f64]) -> f64 {
    numbers.sort_by(f64::total_cmp);
    numbers.get(numbers.len() / 2).copied().unwrap_or(f64::NAN)
}

/// As a figure is printed.
pub fn milliseconds(time: Duration) -> String {
    format!("{:.2}", time.as_secs_f64() * 1e3)
}

/// The most memory that a process has held at once, in MiB.
pub fn peak_memory_mib(process: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).expect("the process runs");
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kib = line.and_then(|line| line.trim().strip_suffix("kB"));
    kib.and_then(|kib| kib.trim().parse::<u64>().ok())
        .expect("the kernel tells the peak in kB")
        / 1024
}
