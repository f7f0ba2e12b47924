import type { MemoryLog } from './memory-log.ts'
import type { LoadGenerator } from './load/load-generator.ts'
import type { Sample } from './sample.ts'

/** A ceiling and Runnel, both ready to be measured. */
export interface Contest {
  /** Runs both once, unmeasured, so that no side is measured with cold code. */
  warmUp(): Promise<void>
  ceiling(): Promise<Sample>
  runnel(): Promise<Sample>
  /** Reads what is to be read of apps that still run. */
  readonly memory: MemoryLog
}

export interface ContestOptions {
  readonly generator: LoadGenerator
  /** Length of one measurement. */
  readonly seconds: number
  /** Whatever is started ends with it, in reverse order. */
  readonly stack: AsyncDisposableStack
}

/** One line of the table. */
export interface Row {
  readonly title: string
  /** What is the most that could be had. */
  readonly ceiling: string
  readonly unit: string
  /** Least ratio of Runnel to the ceiling that it is meant to have. */
  readonly aim: number
  open(options: ContestOptions): Promise<Contest>
}
