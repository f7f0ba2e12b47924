import type { Sample } from '@runnel/observability'

type Labels = Readonly<Record<string, string>>

/** The metrics of one app, by name. */
export class Samples {
  readonly #samples: readonly Sample[]

  constructor(samples: readonly Sample[]) {
    this.#samples = samples
  }

  /** @returns the sum over all values with these labels; null without such a value */
  sum(name: string, labels: Labels = {}): number | null {
    const found = this.#find(name, labels)
    return found.length === 0 ? null : found.reduce((sum, { value }) => sum + value, 0)
  }

  /** @returns the label of the value above 0: how a state is exposed to Prometheus */
  state(name: string, label: string): string | null {
    return this.#find(name, {}).find(({ value }) => value > 0)?.labels[label] ?? null
  }

  #find(name: string, labels: Labels): Sample[] {
    const wanted = Object.entries(labels)
    return this.#samples.filter(
      (sample) => sample.name === name && wanted.every(([label, value]) => sample.labels[label] === value),
    )
  }
}
