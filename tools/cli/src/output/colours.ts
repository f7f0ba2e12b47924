import { styleText } from 'node:util'

type Style = Parameters<typeof styleText>[0]

/** Colours a text, or leaves it as it is. */
export type Paint = (style: Style, text: string) => string

/**
 * Colours for a person at a terminal alone: not in files and pipes, and not where NO_COLOR is set (https://no-color.org).
 *
 * @param stream that the text is for
 */
export function createPaint(
  stream: { readonly isTTY?: boolean },
  env: Readonly<Record<string, string | undefined>>,
): Paint {
  const isColoured = stream.isTTY === true && !env['NO_COLOR'] && env['TERM'] !== 'dumb'
  return (style, text) => (isColoured ? styleText(style, text, { validateStream: false }) : text)
}
