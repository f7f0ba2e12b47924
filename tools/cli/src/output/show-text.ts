import { CONTROL_SIGNS } from '@runnel/workspace/show-controls'

/** A text that strangers sent, on one line of a terminal: what would move the cursor, colour or reorder is written out. */
export function showText(text: string): string {
  return showLines(text).replaceAll('\n', '\\n').replaceAll('\t', '\\t')
}

/** As {@link showText}, of text that has lines of its own. */
export function showLines(text: string): string {
  return text.replace(CONTROL_SIGNS, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`)
}
