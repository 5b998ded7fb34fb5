//! Thread dumps read, and what is said of them.

use onramp::host::jvm::{parse, summary};

const DUMP: &str = r#"4790:
2026-03-01 12:00:00
Full thread dump OpenJDK 64-Bit Server VM (17.0.15+6 mixed mode):

"main" #1 prio=5 os_prio=0 cpu=312.45ms elapsed=620.11s tid=0x00007f01 nid=0x12b7 runnable  [0x00007f02]
   java.lang.Thread.State: RUNNABLE
	at sun.nio.ch.Net.poll(java.base@17.0.15/Native Method)
	at sun.nio.ch.NioSocketImpl.park(java.base@17.0.15/NioSocketImpl.java:186)
	at sun.nio.ch.NioSocketImpl.implRead(java.base@17.0.15/NioSocketImpl.java:309)
	at java.net.Socket$SocketInputStream.read(java.base@17.0.15/Socket.java:966)
	at org.example.Client.ask(Client.java:12)
	at org.example.SlowTest.answers(SlowTest.java:30)
	at jdk.internal.reflect.NativeMethodAccessorImpl.invoke0(java.base@17.0.15/Native Method)
	at java.lang.reflect.Method.invoke(java.base@17.0.15/Method.java:569)
	at org.junit.runners.model.FrameworkMethod$1.runReflectiveCall(FrameworkMethod.java:59)
	at org.apache.maven.surefire.booter.ForkedBooter.main(ForkedBooter.java:495)

   Locked ownable synchronizers:
	- None

"writer \"of\" logs" #20 prio=5 os_prio=0 cpu=1.00ms elapsed=600.00s tid=0x00007f03 nid=0x12b8 waiting for monitor entry  [0x00007f04]
   java.lang.Thread.State: BLOCKED (on object monitor)
	at org.example.Log.write(Log.java:7)
	- waiting to lock <0x0000000711> (a java.io.Writer)
	at java.lang.Thread.run(java.base@17.0.15/Thread.java:840)

"reader" #21 daemon prio=5 os_prio=0 cpu=900.00ms elapsed=600.00s tid=0x00007f05 nid=0x12b9 runnable  [0x00007f06]
   java.lang.Thread.State: RUNNABLE
	at org.example.Log.read(Log.java:9)
	- locked <0x0000000711> (a java.io.Writer)

"pool-1-thread-1" #22 prio=5 os_prio=0 cpu=0.10ms elapsed=600.00s tid=0x00007f07 nid=0x12ba waiting on condition  [0x00007f08]
   java.lang.Thread.State: WAITING (parking)
	at jdk.internal.misc.Unsafe.park(java.base@17.0.15/Native Method)
	at java.util.concurrent.ThreadPoolExecutor.getTask(java.base@17.0.15/ThreadPoolExecutor.java:1062)
	at org.example.Pool.run(Pool.java:1)

"GC Thread#0" os_prio=0 cpu=50.00ms elapsed=620.00s tid=0x00007f09 nid=0x12bb runnable
"#;

#[test]
fn the_threads_that_matter_are_told_first() {
    assert_eq!(
        summary(&parse(DUMP)),
        [
            "the test SlowTest.answers waits for an answer from the network, in Client.ask",
            "thread writer \\\"of\\\" logs waits for a lock (java.io.Writer) that reader holds, in Log.write",
            "thread reader computes, in Log.read",
        ]
    );
}

#[test]
fn what_a_main_thread_waits_for() {
    for (frames, says) in [
        (
            "java.lang.ProcessImpl.waitFor\njava.lang.Object.wait",
            "waits for a program that it started",
        ),
        ("java.lang.Thread.sleep", "sleeps"),
        ("sun.nio.ch.Net.pollConnect\nsun.nio.ch.NioSocketImpl.connect", "waits for a connection"),
        ("java.net.Inet6AddressImpl.lookupAllHostAddr", "waits for the name service"),
        ("java.io.FileInputStream.readBytes", "waits for input"),
        (
            "jdk.internal.misc.Unsafe.park\njava.util.concurrent.FutureTask.get",
            "waits for another thread",
        ),
    ] {
        let frames: String =
            frames.lines().map(|frame| format!("\tat {frame}(X.java:1)\n")).collect();
        let text = format!(
            "\"main\" #1 prio=5 tid=0x1 nid=0x1 waiting on condition\n   java.lang.Thread.State: \
             TIMED_WAITING (x)\n{frames}"
        );
        assert_eq!(summary(&parse(&text)), [format!("thread main {says}")]);
    }
}

#[test]
fn a_deadlock_is_said_before_everything() {
    let text = format!("{DUMP}\nFound one Java-level deadlock:\n=====\n\"main\":\n  waiting\n");
    assert!(summary(&parse(&text))[0].contains("a deadlock"));
}

#[test]
fn what_is_no_dump_says_nothing() {
    for text in ["", "\"", "\"\"", "\u{0}\u{1b}[31m", "\tat a.b.c(", "Could not attach"] {
        assert_eq!(summary(&parse(text)), Vec::<String>::new(), "{text:?}");
    }
}
