/** An announcement with a block of each kind. */
export const SAMPLE = `Ủy ban nhân dân xã thông báo **lịch tiếp công dân** tháng 6 năm 2026, xem [cổng dịch vụ công](https://dichvucong.gov.vn).

## Thời gian và địa điểm

*  Sáng thứ Ba hằng tuần, từ 7 giờ 30
*  Chiều thứ Năm
   1. tiếp nhận đơn
   2. trả kết quả

> [!WARNING]
> Người dân mang theo **căn cước công dân** bản chính.

### Hồ sơ cần chuẩn bị

| Giấy tờ | Số bản |
| :-- | --: |
| Đơn đề nghị | 2 |
| Bản sao giấy chứng nhận | 1 |


![Trụ sở Ủy ban nhân dân xã nhìn từ cổng](/tep/tru-so.jpg "Trụ sở mới của xã | Ảnh: Văn phòng UBND")

[Kế hoạch tiếp công dân năm 2026](/tai-lieu/ke-hoach.pdf "Số 12/KH-UBND | 2026-05-30")

> Trích: chính quyền gần dân, *sát* dân.

Đoạn có <abbr title="x">HTML</abbr> giữa dòng.

---

Trân trọng thông báo.
`
