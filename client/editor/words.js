/**
 * Every word the editor shows or tells a screen reader. The caller gives them
 * in the page's language; these are the keys, with English for tests.
 */
export const WORDS = {
  // The frame
  surface: 'Text of the announcement',
  placeholder: 'Write here',
  toolbar: 'Formatting',
  source: 'Markdown source',
  close: 'Close',

  // Toolbar
  heading2: 'Heading 2',
  heading3: 'Heading 3',
  heading4: 'Heading 4',
  bold: 'Bold',
  italic: 'Italic',
  strike: 'Strikethrough',
  link: 'Link',
  unlink: 'Remove link',
  bulletList: 'Bulleted list',
  orderedList: 'Numbered list',
  indent: 'Indent',
  outdent: 'Outdent',
  quote: 'Quotation',
  callout: 'Call-out',
  picture: 'Picture',
  document: 'Attached document',
  table: 'Table',
  rule: 'Horizontal line',
  word: 'Insert Word file',
  undo: 'Undo',
  redo: 'Redo',
  toSource: 'Edit source',
  toVisual: 'Back to the visual editor',

  // Inside a table
  tableTools: 'Table',
  rowAfter: 'Add row',
  columnAfter: 'Add column',
  deleteRow: 'Delete row',
  deleteColumn: 'Delete column',
  deleteTable: 'Delete table',

  // On figures, documents, call-outs and source blocks
  edit: 'Edit',
  moveUp: 'Move up',
  moveDown: 'Move down',
  delete: 'Delete',
  done: 'Done',
  figure: 'Picture',
  figureNoAlt: 'No alternative text yet',
  calloutKind: 'Kind of call-out',
  calloutNote: 'Note',
  calloutImportant: 'Important',
  calloutWarning: 'Warning',
  sourceBlock: 'This part can only be edited as text',
  editAsText: 'Edit as text',

  // Uploads; {name} is the file's name
  uploading: 'Uploading {name}',
  readingWord: 'Reading {name}',
  uploadFailed: 'The picture could not be uploaded.',
  wordFailed: 'The Word file could not be read.',

  // Dialogs
  linkDialog: 'Link',
  figureDialog: 'Picture',
  documentDialog: 'Attached document',
  fieldHref: 'Address',
  fieldText: 'Text',
  fieldAlt: 'Alternative text (what the picture shows)',
  fieldCaption: 'Caption',
  fieldCredit: 'Credit',
  fieldTitle: 'Title',
  fieldNumber: 'Number',
  fieldDate: 'Date',
  required: 'required',
  badHref: 'Enter a web address, an e-mail address or a path that starts with /.',
  ok: 'OK',
  cancel: 'Cancel',

  // What the text toolbar writes where nothing is selected
  sampleText: 'text',
  sampleHeader: 'Header',
}

/** @typedef {typeof WORDS} Words */
