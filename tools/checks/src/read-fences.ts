/** A fenced block of a page. */
export interface Fence {
  /** As it is named behind the fence; empty where it is not. */
  readonly language: string
  /** Line of the page of its first line, from 1. */
  readonly line: number
  readonly lines: readonly string[]
}

const FENCE = /^\s*```(\w*)/

/** Every fenced block of a page, in order. */
export function readFences(markdown: string): Fence[] {
  const fences: Fence[] = []
  let open: { language: string; line: number; lines: string[] } | undefined
  for (const [index, text] of markdown.split('\n').entries()) {
    const fence = FENCE.exec(text)
    if (!fence) open?.lines.push(text)
    else if (open) {
      fences.push(open)
      open = undefined
    } else open = { language: fence[1] ?? '', line: index + 2, lines: [] }
  }
  return fences
}
