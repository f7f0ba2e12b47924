/** One server-sent event. */
export interface StreamEvent {
  readonly name: string
  readonly data: string
}

/** Longest line that is waited for to end; a longer one is no stream of ours. */
const MAX_LINE = 4 * 1024 ** 2

/** Takes a text/event-stream apart, however it was cut into pieces. Comments are passed over. */
export class EventStreamParser {
  #rest = ''
  #name = ''
  #data: string[] = []
  /** The id that was given last: where to go on after a break. */
  lastId: string | undefined

  /** @returns the events that are complete with this piece @throws Error for a line without end */
  push(text: string): StreamEvent[] {
    const lines = (this.#rest + text).split(/\r\n|\n|\r(?!$)/)
    this.#rest = lines.pop() ?? ''
    if (this.#rest.length > MAX_LINE) throw new Error('a line of the stream does not end')
    return lines.flatMap((line) => this.#take(line))
  }

  #take(line: string): StreamEvent[] {
    if (line === '') return this.#finish()
    const at = line.indexOf(':')
    const field = at === -1 ? line : line.slice(0, at)
    const value = at === -1 ? '' : line.slice(at + 1).replace(/^ /, '')
    if (field === 'event') this.#name = value
    if (field === 'data') this.#data.push(value)
    if (field === 'id' && value !== '') this.lastId = value
    return []
  }

  #finish(): StreamEvent[] {
    const event = { name: this.#name || 'message', data: this.#data.join('\n') }
    const isWhole = this.#data.length > 0
    this.#name = ''
    this.#data = []
    return isWhole ? [event] : []
  }
}
