/** Entries that may come a second time are among so many. */
const MAX_IDS = 20_000

/** Recognises what came before, as far as that is recent. */
export function createRecentIds(): { isNew(id: string): boolean } {
  const ids = new Set<string>()
  return {
    isNew: (id) => {
      if (ids.has(id)) return false
      ids.add(id)
      if (ids.size > MAX_IDS) ids.delete(ids.values().next().value!)
      return true
    },
  }
}
