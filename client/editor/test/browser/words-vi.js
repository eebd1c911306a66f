/** Vietnamese words for the test page, as the desk would give them. */
export const VI = {
  surface: 'Nội dung thông báo', placeholder: 'Viết nội dung tại đây', toolbar: 'Định dạng', source: 'Mã Markdown',
  close: 'Đóng', heading2: 'Tiêu đề 2', heading3: 'Tiêu đề 3', heading4: 'Tiêu đề 4', bold: 'Chữ đậm', italic: 'Chữ nghiêng',
  strike: 'Gạch ngang chữ', link: 'Liên kết', unlink: 'Bỏ liên kết', bulletList: 'Danh sách dấu đầu dòng',
  orderedList: 'Danh sách đánh số', indent: 'Lùi vào', outdent: 'Lùi ra', quote: 'Trích dẫn', callout: 'Khung lưu ý',
  picture: 'Chèn ảnh', document: 'Văn bản đính kèm', table: 'Bảng', rule: 'Đường kẻ ngang', word: 'Chèn tệp Word',
  undo: 'Hoàn tác', redo: 'Làm lại', toSource: 'Sửa mã nguồn', toVisual: 'Về trình soạn thảo', tableTools: 'Bảng',
  rowAfter: 'Thêm hàng', columnAfter: 'Thêm cột', deleteRow: 'Xóa hàng', deleteColumn: 'Xóa cột', deleteTable: 'Xóa bảng',
  edit: 'Sửa', moveUp: 'Chuyển lên', moveDown: 'Chuyển xuống', delete: 'Xóa', done: 'Xong', figure: 'Ảnh',
  figureNoAlt: 'Chưa có văn bản thay thế', calloutKind: 'Loại khung', calloutNote: 'Lưu ý', calloutImportant: 'Quan trọng',
  calloutWarning: 'Cảnh báo', sourceBlock: 'Phần này chỉ sửa được dưới dạng văn bản', editAsText: 'Sửa dưới dạng văn bản',
  uploading: 'Đang tải lên {name}', readingWord: 'Đang đọc {name}', uploadFailed: 'Không tải được ảnh lên.',
  wordFailed: 'Không đọc được tệp Word.', linkDialog: 'Liên kết', figureDialog: 'Ảnh', documentDialog: 'Văn bản đính kèm',
  fieldHref: 'Địa chỉ', fieldText: 'Văn bản hiển thị', fieldAlt: 'Văn bản thay thế (ảnh cho thấy gì)', fieldCaption: 'Chú thích',
  fieldCredit: 'Nguồn ảnh', fieldTitle: 'Tên văn bản', fieldNumber: 'Số, ký hiệu', fieldDate: 'Ngày ban hành', required: 'bắt buộc',
  badHref: 'Hãy nhập địa chỉ trang web, thư điện tử hoặc đường dẫn bắt đầu bằng /.', ok: 'Đồng ý', cancel: 'Hủy',
  sampleText: 'văn bản', sampleHeader: 'Cột',
}
