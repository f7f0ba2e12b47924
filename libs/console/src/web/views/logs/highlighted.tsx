import type { Marker } from './create-marker.ts'

/** A text in which what is searched for is marked. */
export function Highlighted({ text, marker }: { text: string; marker: Marker }) {
  const spans = marker(text)
  if (spans.length === 0) return text
  const behind = spans.at(-1)![1]
  return (
    <>
      {spans.map(([from, to], i) => [
        text.slice(spans[i - 1]?.[1] ?? 0, from),
        <mark key={from}>{text.slice(from, to)}</mark>,
      ])}
      {text.slice(behind)}
    </>
  )
}
