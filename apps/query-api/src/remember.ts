/** One read at a time, whose answer serves all requests that come meanwhile and for `keptMs` after. A failure is not kept. */
export function remember<T>(read: () => Promise<T>, keptMs: number): () => Promise<T> {
  let answer: Promise<T> | undefined
  return () => {
    if (answer) return answer
    const reading = read()
    answer = reading
    const forget = () => (answer = undefined)
    reading.then(() => setTimeout(forget, keptMs).unref(), forget)
    return reading
  }
}
