/** Long texts are marked no further: their end is not seen in a list. */
const MAX_MARKED = 20_000

/** A text whose words are marked. */
export function Highlighted({ text, words }: { text: string; words: readonly string[] }) {
  if (words.length === 0) return text
  const longestFirst = [...words].sort((a, b) => b.length - a.length)
  const pattern = new RegExp(`(${longestFirst.map((word) => escape(word)).join('|')})`, 'giu')
  const pieces = text.slice(0, MAX_MARKED).split(pattern)
  return (
    <>
      {pieces.map((piece, i) => (i % 2 === 1 ? <mark key={i}>{piece}</mark> : piece))}
      {text.slice(MAX_MARKED)}
    </>
  )
}

/** Every sign that means something in an expression stands for itself. */
function escape(word: string): string {
  return word.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')
}
