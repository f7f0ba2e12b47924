/** Elements by their names, each with its parameters; a name that comes more than once has a list. */
export type StructuredData = Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>

type Elements = Record<string, Record<string, string | string[]>>

/** Names: printable ASCII but for `=`, `]`, `"` and the blank. */
const ELEMENT = /\[([!#-<>-\\^-~]+)/y
const PARAMETER = / +([!#-<>-\\^-~]+)="((?:[^"\\\]]|\\[^])*)"/y
const ELEMENT_END = / *\]/y
const ESCAPED = /\\(["\\\]])/g

/**
 * Reads `-`, or elements as `[id name="value"]` one behind the other. What is malformed is left to the message.
 *
 * @param from where it begins in the text
 * @returns the place where the message begins
 */
export function readStructuredData(
  text: string,
  from: number,
): { readonly structuredData: StructuredData | undefined; readonly end: number } {
  if (text[from] === '-' && (text.length === from + 1 || text[from + 1] === ' '))
    return { structuredData: undefined, end: from + 2 }
  // Without a prototype: senders choose the names.
  const elements = Object.create(null) as Elements
  let end = from
  for (
    let read = readElement(text, end, elements);
    read !== undefined;
    read = readElement(text, end, elements)
  )
    end = read
  if (end === from) return { structuredData: undefined, end }
  return { structuredData: elements, end: text[end] === ' ' ? end + 1 : end }
}

/** @returns where it ends; undefined: there is no element, and nothing was added */
function readElement(text: string, from: number, elements: Elements): number | undefined {
  const name = matchAt(ELEMENT, text, from)
  if (name === null) return undefined
  const parameters: RegExpExecArray[] = []
  let at = from + name[0].length
  for (let match = matchAt(PARAMETER, text, at); match !== null; match = matchAt(PARAMETER, text, at)) {
    parameters.push(match)
    at += match[0].length
  }
  const end = matchAt(ELEMENT_END, text, at)
  if (end === null) return undefined
  const element = (elements[name[1]!] ??= Object.create(null) as Elements[string])
  for (const [, parameter, value] of parameters) add(element, parameter!, value!.replace(ESCAPED, '$1'))
  return at + end[0].length
}

function add(element: Elements[string], name: string, value: string): void {
  const before = element[name]
  if (before === undefined) element[name] = value
  else if (typeof before === 'string') element[name] = [before, value]
  else before.push(value)
}

function matchAt(sticky: RegExp, text: string, at: number): RegExpExecArray | null {
  sticky.lastIndex = at
  return sticky.exec(text)
}
