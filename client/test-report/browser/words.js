// The sentences that the form is given.
export const WORDS = {
  saved: 'Đã lưu.', saving: 'Đang lưu…', unsaved: 'Chưa lưu.', offline: 'Mất mạng, giữ trên máy này.', failed: 'Chưa lưu được.',
  merged: 'Đã lưu, cùng thay đổi của người khác.', conflict: 'Người khác đã sửa cùng ô.', closed: 'Báo cáo đã khóa.',
  signedOut: 'Đã hết phiên.', signIn: 'Đăng nhập', restore: 'Còn bản giữ lúc {at}.', restoreYes: 'Lấy lại', restoreNo: 'Bỏ',
  restored: 'Đã lấy lại.', tooLarge: 'Quá dài.', unreachable: 'Không tới được.',
  check: {
    missing: 'Chưa có số liệu; không có thì ghi dấu gạch (-).', nothing: 'Kỳ này không có số liệu.',
    unclear: 'Có hai cách đọc: {thousands} hoặc {decimal}.', unclearThousands: 'Là {figure}', unclearDecimal: 'Là {figure}',
    notANumber: 'Không phải là số.', tooLarge: 'Số quá lớn.', tooPrecise: 'Quá sáu chữ số thập phân.', negative: 'Số âm.',
    farAbove: 'Gấp {times} lần mức thường thấy.', falls: 'Giảm quá nửa so với kỳ trước.', overWhole: 'Trên 100 %.', explained: 'Đã có lý do.', reads: 'Đọc là {figure}.',
    pasted: 'Đã điền {n} ô.', notPlaced: 'Những dòng chưa có chỗ:', whichColumn: 'Cột nào là số liệu của kỳ này?',
  },
};
