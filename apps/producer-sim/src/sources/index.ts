export { openFile } from './open-file.ts'
export { openSource } from './open-source.ts'
export { readLines, splitLines, type Line } from './read-lines.ts'
export { MAX_ENTRY_BYTES, refuse } from './source-entry.ts'
