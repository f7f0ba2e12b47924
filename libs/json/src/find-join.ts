/**
 * Whether a text that is no JSON is several objects or arrays, one behind the other (`{"a":1}{"b":2}`), with blanks or a comma
 * between them at most: what a person who sends it has to be told is how to send several.
 *
 * @returns where the second one begins
 */
export function findJoin(text: string): number | undefined {
  const end = findEnd(text)
  if (end === undefined) return undefined
  const at = skip(text, end, /[\s,]*/y)
  return (text[at] === '{' || text[at] === '[') && isJson(text.slice(0, end)) ? at : undefined
}

/** @returns the place behind the bracket that closes the first one */
function findEnd(text: string): number | undefined {
  const start = skip(text, 0, /\s*/y)
  if (text[start] !== '{' && text[start] !== '[') return undefined
  let depth = 0
  for (let i = start; i < text.length; i++) {
    const character = text[i]
    if (character === '"') i = endOfString(text, i)
    else if (character === '{' || character === '[') depth++
    else if ((character === '}' || character === ']') && --depth === 0) return i + 1
  }
  return undefined
}

/** @returns the place of the quote that closes the string; the text's length where none does */
function endOfString(text: string, quote: number): number {
  for (let i = quote + 1; i < text.length; i++) {
    if (text[i] === '\\') i++
    else if (text[i] === '"') return i
  }
  return text.length
}

function skip(text: string, from: number, sticky: RegExp): number {
  sticky.lastIndex = from
  sticky.test(text)
  return sticky.lastIndex
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
