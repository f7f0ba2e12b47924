/** A mailing's name, in bytes of UTF-8. */
export const MAX_MAILING_NAME_BYTES = 200

/** A mailing's text before it is rendered, in bytes of UTF-8. */
export const MAX_TEMPLATE_BYTES = 16_384

/** A mailing's subject before it is rendered, in bytes of UTF-8. */
export const MAX_SUBJECT_BYTES = 1000

/** A message's text after it is rendered, in UTF-16 code units, as an SMS in UCS-2 counts them. */
export const MAX_TEXT_CHARACTERS = 1600

/** Operator codes that one mailing names; and tags. */
export const MAX_FILTER_ITEMS = 1000

/** Mailings whose recipients one mailing names. */
export const MAX_FILTER_MAILINGS = 20

/** Clients that one test send names, by ids and by phones each. */
export const MAX_TEST_RECIPIENTS = 20

/** From a mailing's start to its end, in days. */
export const MAX_MAILING_DAYS = 366

export const MAX_RATE_PER_SECOND = 10_000
