// A campaign's whole way, with and without script: launch, registration, report, return, acceptance, correction, results.
import { expect, test } from './page';
import { another, signIn, stored } from './official';
import { launch, writeCampaign } from './campaign';
import { inspect } from './inspect';

test.use({ expected: [/401|403|404|409|410|422/] });

test('from a new campaign to its published results', async ({ page, browser, javaScriptEnabled }, info) => {
  // Some twenty pages, each inspected twice: a minute where nothing else runs.
  test.setTimeout(240_000);
  const inspected = async (path: string) => test.step(path, async () => {
    const answer = await page.goto(path);
    await inspect(page, await answer!.text(), javaScriptEnabled);
  });
  const title = `Mục tiêu kép ${info.project.name}`;
  await signIn(page, 'campaign-officer', info);
  await page.goto('/quan-tri/thi-dua');
  await page.getByRole('button', { name: 'Lập phong trào mới' }).click();
  await expect(page).toHaveURL(/\/quan-tri\/tin\/\d+/);
  const editor = new URL(page.url()).pathname;
  // What is missing is named, and nothing is launched without it.
  await writeCampaign(page, title, ['criteria']);
  await page.getByRole('button', { name: 'Gửi duyệt' }).click();
  await expect(page.getByText('Tiêu chí: còn thiếu')).toBeVisible();
  await page.getByRole('button', { name: 'Lấy lại để sửa' }).click();
  await page.goto(editor);
  await page.locator('[name=criteria]').fill('Đúng hạn, có người chịu trách nhiệm');
  await page.getByRole('button', { name: 'Gửi duyệt' }).click();
  await expect(page.getByText('Không có gì cần sửa.')).toBeVisible();
  await launch(page, browser, info);
  const id = editor.split('/').pop()!;

  // A unit signs the covenant with targets of its own.
  const reporter = await another(browser, 'unit-contributor', info);
  await reporter.goto('/quan-tri/tham-gia');
  await reporter.getByRole('link', { name: title }).click();
  await reporter.getByLabel('Kế hoạch của đơn vị').fill('Mỗi quý một đợt.');
  await reporter.getByLabel('Liều đã tiêm').fill('400');
  await reporter.getByLabel('Hồ sơ trực tuyến').fill('50');
  await reporter.getByLabel('Người ký').fill('Bà Tư');
  await reporter.getByLabel('Chức vụ').fill('Trưởng phòng');
  await reporter.getByRole('button', { name: 'Ký giao ước và đăng ký' }).click();
  await expect(reporter.getByRole('alert')).toContainText('Tôi thay mặt đơn vị');
  await reporter.getByLabel('Tôi thay mặt đơn vị ký giao ước này').check();
  await reporter.getByRole('button', { name: 'Ký giao ước và đăng ký' }).click();
  await expect(reporter.getByText('Đã ký giao ước và đăng ký.')).toBeVisible();

  // A report: what can be read in two ways is asked, then it is sent.
  await reporter.getByRole('link', { name: /từ 01\/01\/2021/ }).click();
  await reporter.getByLabel('Liều đã tiêm', { exact: true }).fill('1.234');
  await reporter.getByLabel('Hồ sơ trực tuyến', { exact: true }).fill('20,5');
  await reporter.getByLabel('Việc đã làm trong kỳ').fill('Đã tiêm hai đợt.');
  await reporter.getByRole('button', { name: 'Gửi báo cáo' }).click();
  await expect(reporter.getByRole('alert').first()).toContainText('1234');
  await reporter.getByLabel('Liều đã tiêm', { exact: true }).fill('300');
  await reporter.getByRole('button', { name: 'Gửi báo cáo' }).click();
  await expect(reporter.getByText('Đã gửi báo cáo.')).toBeVisible();
  const report = new URL(reporter.url()).pathname;

  // It is returned with notes, sent again, accepted.
  const look = async () => {
    await page.goto(`/quan-tri/thi-dua/${id}`);
    await page.getByRole('link', { name: /^Báo cáo / }).first().click();
  };
  await look();
  await page.getByLabel('Cần sửa gì').fill('Thiếu đợt ba');
  await page.getByRole('button', { name: 'Trả lại đơn vị' }).click();
  await expect(page.getByText('Đã xong.')).toBeVisible();
  await reporter.goto(report);
  await expect(reporter.getByText('Thiếu đợt ba')).toBeVisible();
  await reporter.getByLabel('Liều đã tiêm', { exact: true }).fill('310');
  // A file goes with what is typed, which is saved with it.
  await reporter.getByLabel('Tệp', { exact: true }).setInputFiles({ name: 'biên bản.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.4 thử') });
  await reporter.getByRole('button', { name: 'Thêm tệp' }).click();
  await expect(reporter.getByRole('link', { name: 'biên bản.pdf' })).toBeVisible();
  await expect(reporter.getByLabel('Liều đã tiêm', { exact: true })).toHaveValue('310');
  await reporter.getByRole('button', { name: 'Gửi báo cáo' }).click();
  await expect(reporter.getByText('Đã gửi báo cáo.')).toBeVisible();
  await look();
  const review = new URL(page.url()).pathname;
  await page.getByRole('button', { name: 'Duyệt báo cáo' }).click();
  await expect(page.getByText('Đã xong.')).toBeVisible();

  // A correction keeps the old figure for everybody to see.
  await page.goto(review);
  await page.getByLabel('Số đúng').fill('320');
  await page.getByLabel('Lý do đính chính').fill('Cộng thiếu một điểm tiêm');
  await page.getByRole('button', { name: 'Đính chính số liệu' }).click();
  await expect(page.getByText('Đã xong.')).toBeVisible();

  // An interim review begins from the figures, which stay frozen; its words are written by hand.
  await page.goto(`/quan-tri/thi-dua/${id}`);
  await page.getByLabel('Số liệu đến hết ngày').fill('2021-03-31');
  await page.getByRole('button', { name: 'Lập báo cáo' }).click();
  await expect(page).toHaveURL(/\/quan-tri\/tin\/\d+/);
  const text = new URL(page.url()).pathname;
  const fields = await stored(page, text);
  expect(fields.body).toContain('[xxx');
  const body = fields.body.replaceAll(/\[xxx – ([^\]]*)\]/g, 'Đã viết: $1.');
  await page.request.post(text, { form: { ...fields, body, viec: 'luu' } });
  await page.goto(text);
  await page.getByRole('button', { name: 'Gửi duyệt' }).click();
  await expect(page).toHaveURL(/xuat-ban$/);
  const publisher = await another(browser, 'publisher', info);
  await publisher.goto(page.url());
  await publisher.getByRole('button', { name: 'Xuất bản', exact: true }).click();
  await expect(publisher.getByText('Đã xong.')).toBeVisible();
  await publisher.getByRole('link', { name: 'Xem trang công khai' }).click();
  await publisher.locator('.prose').getByRole('link', { name: /320/ }).first().click();
  await expect(publisher).toHaveURL(/so-lieu-chot/);
  const frozen = new URL(publisher.url()).pathname;
  await publisher.context().close();

  const slug = `muc-tieu-kep-${info.project.name.replaceAll(' ', '-')}`;
  await page.goto(`/thi-dua/${slug}`);
  await expect(page.getByRole('heading', { level: 1, name: title })).toBeVisible();
  await page.goto(`/thi-dua/${slug}/ket-qua`);
  await expect(page.getByText('Cộng thiếu một điểm tiêm').first()).toBeVisible();
  await expect(page.getByText('Xã Thử').first()).toBeVisible();
  await page.goto(`/thi-dua/${slug}/don-vi/xa-thu-${info.project.name.replace(' without script', '-khong')}`);
  await expect(page.getByText('Đã tiêm hai đợt.')).toBeVisible();

  for (const path of ['/thi-dua', `/thi-dua/${slug}`, `/thi-dua/${slug}/ket-qua`, frozen, '/quan-tri/thi-dua', `/quan-tri/thi-dua/${id}`, review, editor, `${editor}/xuat-ban`]) {
    await inspected(path);
  }
  await page.context().clearCookies();
  await signIn(page, 'unit-contributor', info);
  for (const path of ['/quan-tri', '/quan-tri/tham-gia', `/quan-tri/tham-gia/${id}/xa-thu-${info.project.name.replace(' without script', '-khong')}`, report, report.replace(/\d+$/, (period) => String(Number(period) + 1))]) {
    await inspected(path);
  }
});
