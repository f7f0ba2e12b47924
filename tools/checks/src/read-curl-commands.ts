import { readFences } from './read-fences.ts'

/** A command of a page that calls curl, as it is written there. */
export interface CurlCommand {
  /** Line of the page, from 1. */
  readonly line: number
  readonly text: string
  /** It sends nothing: it can be run again. */
  readonly isRead: boolean
  /** Its answer has no end. */
  readonly isStream: boolean
}

const STREAMS = /\s-N(\s|$)/
const SENDS = /(^|\s)(-d|-X|-T|-F|--data\S*|--request|--json)(\s|$)/

/** Every command with curl in a fenced block of `sh`. A line that ends with a backslash or a pipe goes on in the next one. */
export function readCurlCommands(markdown: string): CurlCommand[] {
  const blocks = readFences(markdown).filter(({ language }) => language === 'sh')
  return blocks.flatMap(({ line, lines }) => readBlock(line, lines))
}

function readBlock(firstLine: number, lines: readonly string[]): CurlCommand[] {
  const commands: CurlCommand[] = []
  let begun: { line: number; text: string } | undefined
  for (const [index, text] of lines.entries()) {
    if (begun === undefined && /^\s*(#|$)/.test(text)) continue
    begun = begun ? { ...begun, text: `${begun.text}\n${text}` } : { line: firstLine + index, text }
    if (/[\\|]$/.test(text)) continue
    if (/\bcurl\b/.test(begun.text)) commands.push(toCommand(begun))
    begun = undefined
  }
  return commands
}

function toCommand({ line, text }: Pick<CurlCommand, 'line' | 'text'>): CurlCommand {
  return { line, text, isRead: !SENDS.test(text), isStream: STREAMS.test(text) }
}
