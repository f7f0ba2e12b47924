/** Values as the text of one JSON array, as JSON.stringify writes it. Pauses behind every value, for one may be large. */
export function* toJsonArray(values: readonly object[]): Generator<void, string> {
  let text = ''
  for (const value of values) {
    text += `${text === '' ? '' : ','}${JSON.stringify(value)}`
    yield
  }
  return `[${text}]`
}
