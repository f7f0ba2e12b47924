import { CONTROL_SIGNS } from '@runnel/workspace/show-controls'

/** A text that strangers sent, on one line of a terminal: what would move the cursor, colour or reorder is written out. */
export function showText(text: string): string {
  return text
    .replaceAll('\n', '\\n')
    .replaceAll('\t', '\\t')
    .replace(CONTROL_SIGNS, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`)
}
