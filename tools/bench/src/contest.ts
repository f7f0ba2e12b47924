import type { BrokerName } from './brokers/open-broker.ts'
import type { LoadGenerator } from './load/load-generator.ts'
import type { ProcessCosts } from './process-costs.ts'
import type { Sample } from './sample.ts'

/** A ceiling and Runnel, both ready to be measured. */
export interface Contest {
  ceiling(): Promise<Sample>
  runnel(): Promise<Sample>
  /** Further measurements of Runnel, by what is different with them. They are shown, and have no aim. */
  readonly also?: Readonly<Record<string, () => Promise<Sample>>>
  /** Measures the processes of both sides. */
  readonly costs: ProcessCosts
}

export interface ContestOptions {
  readonly generator: LoadGenerator
  /** Length of one measurement. */
  readonly seconds: number
  /** Over which the apps run; rows without `anyBroker` have one of their own. */
  readonly broker: BrokerName
  /** Whatever is started ends with it, in reverse order. */
  readonly stack: AsyncDisposableStack
}

/** A measurement of one second is there to show that it runs: little is stored for it. */
export function isTrial(seconds: number): boolean {
  return seconds < 2
}

/** What a measurement works through of which the length cannot be set. @param perSecond for each second that it is to take */
export function amountFor(seconds: number, perSecond: number): number {
  return isTrial(seconds) ? perSecond / 10 : perSecond * seconds
}

/** Largest p99 that Runnel is meant to have: in milliseconds, or as a multiple of the ceiling's. */
export type P99Aim = { readonly ms: number } | { readonly timesCeiling: number }

/** One line of the table. */
export interface Row {
  readonly title: string
  /** What is the most that could be had. */
  readonly ceiling: string
  readonly unit: string
  /** It can be measured over another broker than NATS. */
  readonly anyBroker?: true
  /** Least ratio of Runnel to the ceiling that it is meant to have. */
  readonly aim?: number
  readonly p99Aim?: P99Aim
  open(options: ContestOptions): Promise<Contest>
}
