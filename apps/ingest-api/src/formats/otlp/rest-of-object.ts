import type { JsonWalker, Span } from '../shared/json-walker.ts'

/**
 * What is left of an object when some members are taken out of it. Members side by side are one piece of the text: a body may hold a
 * million of them.
 */
export class RestOfObject {
  readonly #walker: JsonWalker
  readonly #runs: string[] = []
  #run: Span | undefined

  constructor(walker: JsonWalker) {
    this.#walker = walker
  }

  /** @param member that stands behind the one before, unless {@link interrupt} was called */
  add(member: Span): void {
    this.#run = { start: this.#run?.start ?? member.start, end: member.end }
  }

  /** The next member is taken out. */
  interrupt(): void {
    if (this.#run !== undefined) this.#runs.push(this.#walker.slice(this.#run))
    this.#run = undefined
  }

  /** JSON of the object. */
  toText(): string {
    this.interrupt()
    return `{${this.#runs.join(',')}}`
  }
}
