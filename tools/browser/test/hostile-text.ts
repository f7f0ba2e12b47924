import { CANARY } from '../src/index.ts'

/** A text for a field that runs a script wherever it gets into a page as markup. */
export function hostileText(field: string): string {
  return `</title><script>${CANARY}=1</script><img src=x onerror=${CANARY}=1>'"${field}`
}
