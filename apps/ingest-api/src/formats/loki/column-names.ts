/** Labels and metadata that say what is kept in columns; the first one that is filled counts. */
export const LEVEL_NAMES = ['level', 'detected_level', 'severity']
export const SERVICE_NAMES = ['service_name', 'service', 'app', 'job']

/** What Loki puts behind the name of a member whose name a label has already. */
export const EXTRACTED = '_extracted'

/** A longer line stays text: to take it apart, and to write it again, would hold the process for too long. In characters. */
export const MAX_PARSED_LINE = 65_536
