export { formatKeys, showKeyName } from './format-keys.ts'
export { readDuration, readInput, type CreateOptions } from './read-input.ts'
