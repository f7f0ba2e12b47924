/** One line that a person at a terminal sees change; in files and pipes there is none. */
export interface StatusLine {
  show(text: string): void
  clear(): void
}

const CLEAR = '\r\x1b[2K'

export function createStatusLine(stream: NodeJS.WriteStream): StatusLine {
  let isShown = false
  const clear = (): void => {
    if (isShown) stream.write(CLEAR)
    isShown = false
  }
  return {
    show: (text) => {
      if (!stream.isTTY) return
      stream.write(`${CLEAR}${text.slice(0, Math.max(1, stream.columns - 1))}`)
      isShown = true
    },
    clear,
  }
}
